/**
 * What a chunk has to export: what files of other chunks import from its own. The rest is not exported, and what
 * nobody in the chunk uses either is not even in it: every process pays for what is.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const FROM = /(import|export)\s+(type\s+)?(\*|\{[^}]*\})(?:\s+as\s+\w+)?\s+from\s+'(\.[^']*)'/g;
const WHOLE = /(?:typeof import|require)\('(\.[^']*)'\)/g;

/**
 * The statements that make a chunk of `files`, with `chunkOf` every source file's. Bundled third-party code uses what is
 * in `standIns`, and nobody sees where.
 */
export function exportsOf(files, name, chunkOf, standIns, root) {
  const wanted = new Map(files.map((file) => [file, new Set(standIns.includes(file) ? ['*'] : [])]));
  for (const [importer, chunk] of chunkOf) {
    if (chunk === name) continue;
    const source = readFileSync(join(root, importer), 'utf8');
    for (const [, , isType, names, path] of source.matchAll(FROM)) {
      if (isType) continue;
      const known = wanted.get(fileOf(importer, path, root));
      for (const one of namesIn(names)) known?.add(one);
    }
    for (const [, path] of source.matchAll(WHOLE)) wanted.get(fileOf(importer, path, root))?.add('*');
  }
  return [...wanted].map(([file, names]) => {
    if (names.has('*')) return `export * from './${file}';`;
    return names.size > 0 ? `export { ${[...names].join(', ')} } from './${file}';` : `import './${file}';`;
  });
}

function namesIn(clause) {
  if (clause === '*') return ['*'];
  return clause
    .slice(1, -1)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name && !name.startsWith('type '))
    .map((name) => name.split(/\s+as\s+/)[0]);
}

function fileOf(importer, path, root) {
  const base = posix.join(dirname(importer), path);
  return [`${base}.ts`, `${base}/index.ts`].find((file) => existsSync(join(root, file)));
}
