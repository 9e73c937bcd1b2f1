/** Writes the public types: one file for each entry of the package, without the types of its insides. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDtsBundle } from 'dts-bundle-generator';
import { plugins } from './chunks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = { exportReferencedTypes: false, inlineDeclareGlobals: true, noBanner: true };
const bundled = ['index', 'testing'];
const types = generateDtsBundle(
  bundled.map((entry) => ({ filePath: join(root, `src/${entry}.ts`), output })),
  { preferredConfigPath: join(root, 'tsconfig.json') },
);

// Both formats name the same exports; TypeScript takes a file's format from its extension.
const formats = [
  { types: 'd.ts', code: 'js' },
  { types: 'd.mts', code: 'mjs' },
];
for (const format of formats) {
  for (const [at, entry] of bundled.entries()) write(`${entry}.${format.types}`, types[at]);
  write(
    `global.${format.types}`,
    `import type { RespanClient } from './index.${format.code}';
declare global {
  /** The client of the running preload; undefined where the process was started without it. */
  var respan: RespanClient | undefined;
}
export {};
`,
  );
}
write('register.d.ts', 'export {};\n');

/** What bundlers take for a plugin of theirs, said without their types: nobody has all of them installed. */
const PLUGIN_TYPES = {
  esbuild: '{ name: string; setup(build: object): void }',
  rollup: '{ name: string }',
  rolldown: '{ name: string }',
  vite: "{ name: string; enforce: 'pre' }",
  webpack: '{ apply(compiler: object): void }',
  rspack: '{ apply(compiler: object): void }',
};
for (const name of Object.keys(plugins)) {
  const type = PLUGIN_TYPES[name];
  // The loader of webpack's is named in configurations and never called.
  const made = type ? `respan(): ${type}` : 'respan(this: object, source: string | Uint8Array): void';
  const doc = type
    ? `/** Instruments the libraries that ${name} puts into a bundle; see docs/bundlers.md. */\n`
    : '';
  write(`${name}.d.mts`, `${doc}export default function ${made};\n`);
  write(
    `${name}.d.ts`,
    `${doc}declare function ${made};\ndeclare namespace respan {\n  export { respan as default };\n}\nexport = respan;\n`,
  );
}

function write(name, content) {
  writeFileSync(join(root, 'dist', name), content);
}
