import { log } from '../config/log';
import { marker } from './marker';

/** What Rollup, Rolldown and Vite have in common. Their types are theirs: none of them has to be installed. */
export interface RollupLikePlugin {
  name: string;
  enforce: 'pre';
  options(this: { meta?: { rollupVersion?: string; rolldownVersion?: string } } | undefined): null;
  transform: Transform | { order: 'pre'; filter: { id: RegExp }; handler: Transform };
}

/** What Vite says of the build that a file is for. */
export interface BuildOfFile {
  ssr?: boolean;
  consumer?: string;
}

type Transform = (
  this: { environment?: { config?: { consumer?: string } } } | undefined,
  code: string,
  id: string,
  options?: { ssr?: boolean },
) => { code: string; map: null } | null;

export function rollupLike(isWanted: (build: BuildOfFile) => boolean = () => true): RollupLikePlugin {
  const { filter, mark } = marker();
  const handler: Transform = function (code, id, options) {
    // Only newer bundlers have asked the filter.
    if (!filter.test(id)) return null;
    if (!isWanted({ ssr: options?.ssr, consumer: this?.environment?.config?.consumer })) return null;
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
        plugin.transform = handler;
      }
      return null;
    },
    // Before CommonJS is made ES modules of.
    transform: { order: 'pre', filter: { id: filter }, handler },
  };
  return plugin;
}
