import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/instruments/catalog';
import { instrumentIn } from '../../src/loader/instruments';
import { findRow } from '../../src/loader/select';
import { compareVersions } from '../../src/loader/versions';
import { root } from '../harness/paths';

const require = createRequire(import.meta.url);

describe('the catalog', () => {
  it('has each id and each alias once, but for names of the Python SDK that are two libraries here', () => {
    const names = catalog.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
    const twice = names.filter((name, at) => names.indexOf(name) !== at);
    expect(twice.sort()).toEqual(['pymysql', 'redis']);
    const ids = catalog.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it('has each package in one row', () => {
    const packages = catalog.flatMap(({ packages = [] }) => packages.map(({ name }) => name));
    expect(packages).toEqual([...new Set(packages)]);
  });

  it.each(catalog.map((row) => [row.id, row] as const))('%s has what its row promises', (_, row) => {
    for (const { tested, files } of row.packages ?? []) {
      expect(compareVersions(tested.from, tested.below)).toBe(-1);
      // What tells of itself on a channel is not hooked.
      if (!row.channels) expect(Object.keys(files)).not.toHaveLength(0);
      for (const [path, names] of Object.entries(files)) {
        if (path !== '.') expect(path).not.toMatch(/^\.|\.(c|m)?js$/);
        // Instrumentations of OpenTelemetry get all that a CommonJS module exports; see infrastructure.test.ts.
        if (!row.scope?.startsWith('@opentelemetry/')) expect(names).not.toHaveLength(0);
      }
    }
    if (row.packages || row.channels || row.httpPaths) expect(row.chunk).toBeDefined();
    if (!row.chunk) return;
    const file = `${root}/dist/${row.chunk}.js`;
    expect(existsSync(file)).toBe(true);
    const instrument = instrumentIn(require(file), row.id);
    expect(instrument.id).toBe(row.id);
    if (row.packages && !row.channels) expect(instrument.patchModule).toBeTypeOf('function');
    if (row.builtins) expect(instrument.patchBuiltin).toBeTypeOf('function');
    if ((row.channels && !row.startsWithModels) || row.startsAtOnce)
      expect(instrument.start).toBeTypeOf('function');
    if (row.httpPaths) expect(instrument.httpApis).not.toHaveLength(0);
  });

  it.each(['requests', 'urllib3', 'threading', 'openai', 'anthropic'])('knows %s of the tutorial', (name) => {
    expect(findRow(name)).toBeDefined();
  });
});
