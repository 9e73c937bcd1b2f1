import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appPackageName } from '../../src/config/app-name';
import { tempApp } from '../harness/temp-app';

const folder = tempApp({
  'package.json': '{"name":"the-app"}',
  'src/package.json': '{"type":"module"}',
  'src/deep/main.js': '',
  'broken/package.json': '{',
  'broken/main.js': '',
  'node_modules/next/package.json': '{"name":"next"}',
  'node_modules/next/bin/next.js': '',
});

it.each([
  ['src/deep/main.js', 'the-app'],
  ['main.js', 'the-app'],
  ['broken/main.js', 'the-app'],
])('the app of %s is %s', (entry, name) => {
  expect(appPackageName(join(folder, entry))).toBe(name);
});

it('is that of the working directory for runners and for standard input', () => {
  expect(appPackageName(join(folder, 'node_modules/next/bin/next.js'))).toBe('respan');
  expect(appPackageName('-')).toBe('respan');
});
