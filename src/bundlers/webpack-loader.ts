import { marker } from './marker';

interface LoaderContext {
  resourcePath: string;
  callback(error: null, source: string | Buffer, map?: unknown, meta?: unknown): void;
}

/** What respan/webpack and respan/rspack have the files of known libraries loaded with; Turbopack takes it as well. */
export default function load(
  this: LoaderContext,
  source: string | Buffer,
  map?: unknown,
  meta?: unknown,
): void {
  const marked = marker().mark(this.resourcePath, source.toString());
  this.callback(null, marked ?? source, map, meta);
}
