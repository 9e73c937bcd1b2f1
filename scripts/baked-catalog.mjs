/**
 * The catalog is pure data that a process needs as soon as it starts. Evaluating the code that writes it down so
 * that people can read it costs a few milliseconds there, parsing it hardly any: the build evaluates it.
 */
import { build } from 'esbuild';

export const bakedCatalog = {
  name: 'baked-catalog',
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/]instruments[\\/]catalog[\\/]index\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build({
        entryPoints: [path],
        bundle: true,
        write: false,
        format: 'cjs',
        platform: 'node',
        logLevel: 'silent',
      });
      const module = { exports: {} };
      new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
      const json = JSON.stringify(module.exports.catalog);
      return { contents: `export const catalog = JSON.parse(${JSON.stringify(json)});`, loader: 'js' };
    });
  },
};
