import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the licences of every package whose code ended up in dist/. */
export function writeLicences(root, inputs) {
  const packages = new Map();
  for (const input of inputs) {
    if (input.includes(':')) continue; // not a file: a plugin made it
    const match = /^((?:.*\/)?node_modules\/(@[^/]+\/[^/]+|[^/]+))\//.exec(input.replaceAll('\\', '/'));
    if (match) packages.set(match[1], match[2]);
  }
  const sections = new Map();
  for (const folder of packages.keys()) {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
    const text =
      file && existsSync(join(root, folder, file)) ? readFileSync(join(root, folder, file), 'utf8') : '';
    sections.set(`${manifest.name}@${manifest.version}`, `${manifest.license}\n\n${text.trim()}`);
  }
  const body = [...sections.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `${name}\n${'='.repeat(name.length)}\n${text}`);
  const head = 'Parts of these packages are included in dist/.';
  writeFileSync(join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), `${[head, ...body].join('\n\n')}\n`);
}
