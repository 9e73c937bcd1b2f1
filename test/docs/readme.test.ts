import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../harness/paths';
import { run } from '../harness/run-app';

it('has the tables of the code', async () => {
  const { code, stderr } = await run(process.execPath, ['scripts/docs.mjs', '--check'], { cwd: root });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('names only scripts and files that exist', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { scripts: object };
  for (const file of [
    'README.md',
    'CONTRIBUTING.md',
    'docs/guide.md',
    'docs/ways-to-start.md',
    'docs/containers.md',
    'examples/README.md',
  ]) {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path as string);
    for (const path of links) expect(existsSync(join(root, dirname(file), path)), path).toBe(true);
  }
});
