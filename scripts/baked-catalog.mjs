/**
 * The catalog is pure data that a process needs as soon as it starts. Evaluating the code that writes it down so
 * that people can read it costs a few milliseconds there, parsing it hardly any: the build evaluates it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const TELLING = 'telling-paths.json';

/** `dist` gets what only apps with unknown packages read. */
export const bakedCatalog = (dist) => ({
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
      const { catalog, tellingPaths } = module.exports;
      writeFileSync(join(dist, TELLING), JSON.stringify(tellingPaths()));
      return { contents: baked(catalog), loader: 'js' };
    });
  },
});

/** The files of packages, most of it, stay text until somebody asks for them. */
function baked(catalog) {
  const files = [];
  const rows = catalog.map(({ packages, ...row }) => ({
    ...row,
    packages: packages?.map(({ files: own, ...rest }) => {
      files.push(own);
      return rest;
    }),
  }));
  return `import { readFileSync } from 'fs';
    import { join } from 'path';
    let files;
    let count = 0;
    // Not required: it is asked for while Node looks for modules, where another require would ask again.
    export const tellingPaths = () => JSON.parse(readFileSync(join(__dirname, '${TELLING}'), 'utf8'));
    export const catalog = JSON.parse(${text(rows)});
    for (const { packages = [] } of catalog) {
      for (const one of packages) {
        const at = count++;
        const get = () => (files ??= JSON.parse(${text(files)}))[at];
        Object.defineProperty(one, 'files', { get, enumerable: true });
      }
    }`;
}

const text = (value) => JSON.stringify(JSON.stringify(value));
