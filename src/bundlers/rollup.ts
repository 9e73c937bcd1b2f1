import { type RollupLikePlugin, rollupLike } from './rollup-like';

/** `import respan from 'respan/rollup'`, `'respan/rolldown'`: for `plugins`. */
export default function respan(): RollupLikePlugin {
  return rollupLike();
}
