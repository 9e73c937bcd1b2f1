/**
 * Builds dist/: one CommonJS file a chunk, each loaded when it is needed and not before. Every source file, and
 * every bundled third-party package that keeps state, belongs to exactly one chunk; an import from another
 * chunk becomes a `require` of that chunk's file, so that there is one copy of everything in a process. The tracing
 * SDK's, and those of the formats that models speak, are read when something of them is used: most of what is patched is not
 * called at once, and much of it never.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bakedCatalog } from './baked-catalog.mjs';
import { chunks, entries, plugins, sharedPackages, standIns } from './chunks.mjs';
import { exportsOf } from './exports.mjs';
import { writeLicences } from './licences.mjs';
import { prices } from './prices.mjs';
import { onFirstUse, requiredOnce } from './requires.mjs';
import { privateApi, privateNotes, stubs, usedConventions, usedCore } from './third-party.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const versionIn = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
const version = versionIn(root);
const apiVersion = versionIn(join(root, 'node_modules/@opentelemetry/api'));

const chunkOfFile = new Map();
for (const chunk of chunks) {
  for (const file of chunk.files) {
    if (chunkOfFile.has(file))
      throw new Error(`${file} is in two chunks: ${chunkOfFile.get(file)}, ${chunk.name}`);
    chunkOfFile.set(file, chunk.name);
  }
}

/** Sends imports across chunk borders to the other chunk's file. */
function chunkBorders(current) {
  return {
    name: 'chunk-borders',
    setup({ onResolve, resolve: resolvePath }) {
      onResolve({ filter: /^@opentelemetry\// }, ({ path }) => {
        const owner = sharedPackages[path];
        if (!owner || owner === current.name) return undefined;
        return { path: `./${owner}.js`, external: true };
      });
      onResolve({ filter: /^\.\.?\// }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === 'inner' || importer.includes('node_modules')) return undefined;
        const found = await resolvePath(path, { importer, resolveDir, kind, pluginData: 'inner' });
        if (found.errors.length > 0) return undefined;
        const file = relative(root, found.path).replaceAll('\\', '/');
        const owner = chunkOfFile.get(file);
        if (!owner) throw new Error(`${file}, imported by ${importer}, is in no chunk (scripts/chunks.mjs)`);
        if (owner === current.name || current.standalone || current.inlined?.includes(file)) return undefined;
        return { path: `./${owner}.js`, external: true };
      });
    },
  };
}

/** A chunk exports everything its files export: names must be unique inside one. */
function checkNames(chunk) {
  const seen = new Map();
  const isExported = (file) => !Object.values(chunk.instruments ?? {}).includes(file);
  for (const file of chunk.files.filter(isExported)) {
    const source = readFileSync(join(root, file), 'utf8');
    for (const [, name] of source.matchAll(/^export (?:async )?(?:function|const|let|class)\s+(\w+)/gm)) {
      if (seen.has(name))
        throw new Error(`${chunk.name}: ${name} is exported by ${seen.get(name)} and ${file}`);
      seen.set(name, file);
    }
  }
}

/** Those that are loaded by the name of their file say nothing of what is wanted of them. */
function statements({ name, files, instruments }) {
  const isKnown = ['core', 'settings', 'older-hooks', 'telemetry', 'kit'].includes(name);
  if (!isKnown) return files.map((file) => `export * from './${file}';`);
  return [...exportsOf(files, name, chunkOfFile, standIns, root), ...ofInstruments(instruments)];
}

/** Those that a chunk holds besides, each by the name of its row. */
function ofInstruments(instruments = {}) {
  const ids = Object.keys(instruments);
  const imports = ids.map((id) => `import { instrument as ${id} } from './${instruments[id]}';`);
  return [...imports, ...(ids.length > 0 ? [`export const instruments = { ${ids.join(', ')} };`] : [])];
}

/** The tracing SDK, and the formats of what models are sent and answer: read with the first call. */
const usedLater = chunks
  .map(({ name }) => `${name}.js`)
  .filter((file) => /^(telemetry|model-calls|shape-.*)\.js$/.test(file));

const DEFAULT_EXPORT = 'module.exports=module.exports.default;module.exports.default=module.exports;';

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const inputs = new Set();
await Promise.all(
  chunks.map(async (chunk) => {
    checkNames(chunk);
    const contents = statements(chunk).join('\n');
    const result = await build({
      ...(chunk.files.length === 1
        ? { entryPoints: [join(root, chunk.files[0])] }
        : { stdin: { contents, resolveDir: root, sourcefile: `${chunk.name}.ts`, loader: 'ts' } }),
      outfile: join(dist, `${chunk.name}.${chunk.format === 'esm' ? 'mjs' : 'js'}`),
      bundle: true,
      platform: 'node',
      format: chunk.format ?? 'cjs',
      target: chunk.target ?? 'node20.6',
      mainFields: ['module', 'main'],
      conditions: ['module', 'node'],
      // Third-party code is large and ours is small: whitespace and syntax only, names stay readable in traces.
      minifySyntax: true,
      minifyWhitespace: true,
      // Every process parses this one, the others only where something is traced.
      minifyIdentifiers: chunk.name === 'core',
      legalComments: 'none',
      metafile: true,
      write: false,
      logLevel: 'warning',
      // Wrapped functions must pass on the very `this` they got: in sloppy code undefined becomes the global object.
      banner: chunk.format === 'esm' ? {} : { js: `${chunk.banner ?? ''}"use strict";` },
      // For `require` and for what asks for `default`.
      footer: chunk.isDefault ? { js: DEFAULT_EXPORT } : {},
      define: {
        __VERSION__: JSON.stringify(version),
        __API_VERSION__: JSON.stringify(apiVersion),
        ...chunk.define,
      },
      inject: chunk.inject?.map((file) => join(root, file)),
      plugins: [
        bakedCatalog(dist),
        chunkBorders(chunk),
        privateApi,
        privateNotes,
        stubs,
        usedConventions,
        usedCore,
        prices(dist),
      ],
    });
    for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
    for (const { path, text } of result.outputFiles) {
      writeFileSync(path, requiredOnce(usedLater.reduce(onFirstUse, text)));
    }
  }),
);

const require = createRequire(import.meta.url);
for (const entry of entries) {
  const names = Object.keys(require(join(dist, `${entry}.js`)));
  const exported = names.length > 0 ? `export const { ${names.join(', ')} } = entry;\n` : '';
  const why = '// The CommonJS build: one state a process.\n';
  // For bundlers, which have to see what is imported.
  writeFileSync(join(dist, `${entry}.mjs`), `${why}import entry from './${entry}.js';\n${exported}`);
  // For Node: importing CommonJS starts its lexer, which takes Node 20 longer than all of the rest.
  writeFileSync(
    join(dist, `${entry}.node.mjs`),
    `${why}import { createRequire } from 'node:module';\n` +
      `const entry = createRequire(import.meta.url)('./${entry}.js');\n${exported}`,
  );
}
for (const [name, file] of Object.entries(plugins)) {
  if (name !== file) writeFileSync(join(dist, `${name}.js`), `module.exports = require('./${file}.js');\n`);
  writeFileSync(join(dist, `${name}.mjs`), `import plugin from './${file}.js';\nexport default plugin;\n`);
}
writeLicences(root, inputs);
