import { log } from '../config/log';
import { marker, OWN_NAME } from './marker';

/** What Rollup, Rolldown and Vite have in common. Their types are theirs: none of them has to be installed. */
export interface RollupLikePlugin {
  name: string;
  enforce: 'pre';
  options(this: { meta?: { rollupVersion?: string; rolldownVersion?: string } } | undefined): null;
  resolveId: ResolveId | Hook<ResolveId>;
  transform: Transform | Hook<Transform>;
}

/** Before what other plugins do, such as making ES modules of CommonJS. */
interface Hook<Handler> {
  order: 'pre';
  filter: { id: RegExp };
  handler: Handler;
}

/** What Vite says of the build that a file is for. */
export interface BuildOfFile {
  ssr?: boolean;
  consumer?: string;
}

type Context = { environment?: { config?: { consumer?: string } } } | undefined;
type ResolveId = (
  this: Context,
  id: string,
  importer?: string,
  options?: { ssr?: boolean },
) => { id: string; external: true } | null;
type Transform = (
  this: Context,
  code: string,
  id: string,
  options?: { ssr?: boolean },
) => { code: string; map: null } | null;

export function rollupLike(isWanted: (build: BuildOfFile) => boolean = () => true): RollupLikePlugin {
  const { filter, mark } = marker();
  const isFor = (context: Context, options?: { ssr?: boolean }) =>
    isWanted({ ssr: options?.ssr, consumer: context?.environment?.config?.consumer });
  // Only newer bundlers have asked the filters.
  const resolveId: ResolveId = function (id, _importer, options) {
    return OWN_NAME.test(id) && isFor(this, options) ? { id, external: true } : null;
  };
  const transform: Transform = function (code, id, options) {
    if (!filter.test(id) || !isFor(this, options)) return null;
    const marked = mark(id, code);
    // Lines stay where they are, and maps are right as they are.
    return marked === undefined ? null : { code: marked, map: null };
  };
  const plugin: RollupLikePlugin = {
    name: 'respan',
    enforce: 'pre',
    options() {
      const { rollupVersion = '', rolldownVersion } = this?.meta ?? {};
      if (rolldownVersion === undefined && Number.parseInt(rollupVersion, 10) < 3) {
        log.once(
          'warn',
          `respan/rollup is for Rollup 3 and newer: in ${rollupVersion} it has to stand before @rollup/plugin-commonjs`,
        );
        Object.assign(plugin, { resolveId, transform });
      }
      return null;
    },
    resolveId: { order: 'pre', filter: { id: OWN_NAME }, handler: resolveId },
    transform: { order: 'pre', filter: { id: filter }, handler: transform },
  };
  return plugin;
}
