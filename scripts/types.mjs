/** Writes the public types: one file for each entry of the package, without the types of its insides. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDtsBundle } from 'dts-bundle-generator';

const root = fileURLToPath(new URL('..', import.meta.url));
const [types] = generateDtsBundle(
  [{ filePath: join(root, 'src/index.ts'), output: { exportReferencedTypes: false, noBanner: true } }],
  { preferredConfigPath: join(root, 'tsconfig.json') },
);

// Both formats name the same exports; TypeScript takes a file's format from its extension.
for (const name of ['index.d.ts', 'index.d.mts']) writeFileSync(join(root, 'dist', name), types);
writeFileSync(join(root, 'dist', 'register.d.ts'), 'export {};\n');
