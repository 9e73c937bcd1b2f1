import { type LoadResult, withFooter } from './footer';
import { withOwnName } from './own-name-source';
import type { TargetIndex } from './targets';

/**
 * Runs in the thread of module.register, where nothing of the app or of this package lives: it only adds
 * the footer, whose statement runs in the app's thread. CommonJS comes without source here and is left to
 * commonjs-hook.ts.
 */
let index: TargetIndex = { packages: {}, replacesFunctions: [], namesAreExports: [], reExports: [] };
let dist = '';

export function initialize(data: { index: TargetIndex; dist: string }): void {
  ({ index, dist } = data);
}

type NextLoad = (url: string, context: unknown) => Promise<LoadResult>;

export async function load(url: string, context: unknown, next: NextLoad): Promise<LoadResult> {
  const result = await next(url, context);
  if (result.format !== 'module') return result;
  try {
    const renamed = withOwnName(result.source, url, dist);
    return renamed === undefined ? withFooter(index, url, result) : { ...result, source: renamed };
  } catch {
    return result;
  }
}
