import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the licences of every package whose code ended up in dist/. Packages that share a licence, to the
 * letter, share a section.
 */
export function writeLicences(root, inputs) {
  const packagesOfText = new Map();
  for (const folder of packageFolders(inputs)) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const text = legalTexts(join(root, folder)).join('\n\n');
    if (!text) throw new Error(`${name}@${version} (${license}) has no licence file to include`);
    const packages = packagesOfText.get(text) ?? [];
    packagesOfText.set(text, [...packages, `${name}@${version} (${license})`]);
  }
  const sections = [...packagesOfText]
    .map(([text, packages]) => ({ heading: [...new Set(packages)].sort().join('\n'), text }))
    .sort((a, b) => (a.heading < b.heading ? -1 : 1))
    .map(({ heading, text }) => `${RULE}\n${heading}\n${RULE}\n\n${text}`);
  const head = 'Parts of the packages named below are included in dist/, under these licences.';
  writeFileSync(join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), `${[head, ...sections].join('\n\n')}\n`);
}

const RULE = '-'.repeat(80);

function packageFolders(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    if (/^[\w-]+:/.test(input)) continue; // not a file: a plugin made it
    const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/[^/]+|[^/]+)(?=\/)/.exec(input.replaceAll('\\', '/'));
    if (match) folders.add(match[0]);
  }
  return folders;
}

/** The licence, and the notices that the Apache licence asks to be passed on. */
function legalTexts(folder) {
  return readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|copying)(\.|-|$)/i.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
}
