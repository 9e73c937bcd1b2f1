import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../harness/paths';
import { instruments, rows, samples } from './python-tutorial';

/** docs/python-sdk.md has all of the Python tutorial, and the tests it names are there. */

const document = readFileSync(join(root, 'docs/python-sdk.md'), 'utf8');

const chapters = new Map(
  document
    .split(/^## /m)
    .slice(1)
    .map((part): [string, string[][]] => {
      const [title = '', ...lines] = part.split('\n');
      const cells = lines
        .filter((line) => line.startsWith('| '))
        .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));
      return [title, cells.slice(2)];
    }),
);

it('has every code sample, in order', () => {
  const table = chapters.get('Code samples') ?? [];
  expect(table.map(([number, name]) => [number, name])).toEqual(
    samples.map((name, at) => [String(at + 1), name]),
  );
});

it.each(Object.entries(rows))('has every row of %s', (title, names) => {
  const table = chapters.get(title) ?? [];
  expect(table.map(([name = '']) => name.replaceAll('`', ''))).toEqual(names);
});

it('has every instrument', () => {
  for (const id of instruments) expect(document).toContain(`\`${id.toUpperCase()}\``);
});

it('says something in every cell', () => {
  for (const cells of [...chapters.values()].flat()) {
    for (const cell of cells) expect(cell, cells.join(' | ')).not.toBe('');
  }
});

describe('names tests that exist', () => {
  const named = [...document.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, title, file]) => ({
    title: title!,
    file: file!,
  }));

  it('one in every row', () => {
    for (const cells of [...chapters.values()].flat())
      expect(cells.at(-1)).toMatch(/^\[.+\]\(\.\.\/test\/.+\)$/);
  });

  it.each([...new Set(named.map(({ file }) => file))])('%s', (file) => {
    const source = readFileSync(join(root, file), 'utf8');
    const titles = [...source.matchAll(/\b(?:it|test)(?:\.each\([\s\S]*?\))?\(\s*'([^']+)'/g)].map(
      ([, title]) => title!,
    );
    for (const { title } of named.filter((test) => test.file === file)) {
      // Those that run in several ways say which behind a comma.
      expect(titles.map((known) => known.replace(/, \$title$/, ''))).toContain(title);
    }
  });
});

it('names files that exist', () => {
  for (const [, path] of document.matchAll(/\]\(\.\.\/((?:examples|README)[^)#]*)/g)) {
    expect(() => readFileSync(join(root, path!)), path).not.toThrow();
  }
});
