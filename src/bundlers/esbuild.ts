import { readFile } from 'fs/promises';
import { marker, OWN_NAME } from './marker';

interface EsbuildPlugin {
  name: string;
  setup(build: EsbuildBuild): void;
}

/** The part of `PluginBuild` that is used. */
interface EsbuildBuild {
  onResolve(
    options: { filter: RegExp },
    resolve: (args: { path: string }) => { path: string; external: true },
  ): void;
  onLoad(
    options: { filter: RegExp; namespace: string },
    load: (args: { path: string }) => Promise<{ contents: string; loader: 'default' } | undefined>,
  ): void;
}

/** `import respan from 'respan/esbuild'`: for `plugins`, before those that load JavaScript themselves. */
export default function respan(): EsbuildPlugin {
  return {
    name: 'respan',
    setup(build) {
      const { filter, isKnown, mark } = marker();
      build.onResolve({ filter: OWN_NAME }, ({ path }) => ({ path, external: true }));
      build.onLoad({ filter, namespace: 'file' }, async ({ path }) => {
        if (!isKnown(path)) return undefined;
        const contents = mark(path, await readFile(path, 'utf8'));
        return contents === undefined ? undefined : { contents, loader: 'default' };
      });
    },
  };
}
