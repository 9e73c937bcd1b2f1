/** Writes the public types: one file for each entry of the package, without the types of its insides. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDtsBundle } from 'dts-bundle-generator';

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

function write(name, content) {
  writeFileSync(join(root, 'dist', name), content);
}
