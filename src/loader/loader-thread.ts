import { type LoadResult, withFooter } from './footer';
import type { TargetIndex } from './targets';

/**
 * Runs in the thread of module.register, where nothing of the app or of this package lives: it only adds
 * the footer, whose statement runs in the app's thread. CommonJS comes without source here and is left to
 * commonjs-hook.ts.
 */
let index: TargetIndex = { packages: {}, byPath: {}, replacesFunctions: [] };

export function initialize(data: TargetIndex): void {
  index = data;
}

type NextLoad = (url: string, context: unknown) => Promise<LoadResult>;

export async function load(url: string, context: unknown, next: NextLoad): Promise<LoadResult> {
  const result = await next(url, context);
  if (result.format !== 'module') return result;
  try {
    return withFooter(index, url, result);
  } catch {
    return result;
  }
}
