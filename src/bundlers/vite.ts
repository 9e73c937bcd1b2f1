import { type RollupLikePlugin, rollupLike } from './rollup-like';

interface ViteConfig {
  command?: string;
  build?: { ssr?: unknown; lib?: unknown; target?: unknown };
}

interface VitePlugin extends RollupLikePlugin {
  configResolved(config: ViteConfig): void;
}

/** `import respan from 'respan/vite'`: for `plugins`. What goes to browsers is left alone. */
export default function respan(): VitePlugin {
  let isForNode = false;
  const isWanted = ({ ssr, consumer }: { ssr?: boolean; consumer?: string }) =>
    isForNode || (consumer === undefined ? ssr === true : consumer !== 'client');
  return Object.assign(rollupLike(isWanted), {
    configResolved({ build = {} }: ViteConfig) {
      const targets = [build.target].flat();
      isForNode = Boolean(build.ssr || build.lib) || targets.some((target) => /^node/.test(String(target)));
    },
  });
}
