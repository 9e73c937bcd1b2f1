import { beforeEach, expect, it, vi } from 'vitest';
import type { CatalogRow } from '../../src/instruments/catalog/row';
import type { Instrument } from '../../src/instruments/kit/define';
import { patch } from '../../src/instruments/kit/wrap';
import { Instruments } from '../../src/loader/instruments';
import { createPatcher } from '../../src/loader/patcher';
import { libraryStatus } from '../../src/loader/status';
import type { Target } from '../../src/loader/targets';
import { tempApp } from '../harness/temp-app';

const row: CatalogRow = {
  id: 'lib',
  title: 'Lib',
  category: 'framework',
  packages: [{ name: 'lib', tested: { from: '1.0.0', below: '2.0.0' }, files: { index: ['Client'] } }],
  chunk: 'instrument-lib',
};

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});

function loaded(
  instrument: Partial<Instrument>,
  version: string,
  exports: unknown,
  more: Partial<Target> = {},
): string {
  const folder = tempApp({ 'package.json': JSON.stringify({ name: 'lib', version }) });
  const instruments = new Instruments([row]);
  vi.spyOn(instruments, 'load').mockReturnValue({ id: 'lib', ...instrument });
  const directory = `${folder}/`;
  createPatcher(instruments)(
    { package: 'lib', directory, path: 'index', names: ['Client'], ...more },
    exports,
  );
  return directory;
}

const statusOf = (directory: string) => libraryStatus().find((status) => status.directory === directory);

it('hands the module over and records it', () => {
  const patchModule = vi.fn();
  const directory = loaded({ patchModule }, '1.2.3', { Client: class {} });
  expect(patchModule).toHaveBeenCalledWith(
    expect.objectContaining({ package: 'lib', path: 'index', version: '1.2.3' }),
  );
  expect(statusOf(directory)).toMatchObject({ state: 'patched', untested: false, version: '1.2.3' });
  expect(lines).toEqual([]);
});

it('says that nothing is traced where a version has none of the functions', () => {
  const directory = loaded({ patchModule() {} }, '3.0.0', { ask() {} }, { replacesFunctions: true });
  expect(statusOf(directory)).toMatchObject({ state: 'skipped', reason: 'there is no Client in its index' });
});

it.each([undefined, null, 1, 'text'])('ignores exports that are %j', (exports) => {
  const patchModule = vi.fn();
  expect(statusOf(loaded({ patchModule }, '1.0.0', exports))).toBeUndefined();
  expect(patchModule).not.toHaveBeenCalled();
});

it('leaves a library untouched when a later step of its patch throws', () => {
  class Client {
    a() {
      return 1;
    }
    b() {
      return 2;
    }
  }
  const { a } = Client.prototype;
  Object.defineProperty(Client.prototype, 'b', {
    value: Client.prototype.b,
    writable: false,
    configurable: false,
  });
  const patchModule = () =>
    patch((wrap) => {
      wrap(Client.prototype, 'a', () => () => 0);
      wrap(Client.prototype, 'b', () => () => 0);
    });
  const directory = loaded({ patchModule }, '9.0.0', { Client });
  expect(Client.prototype.a).toBe(a);
  expect(new Client().b()).toBe(2);
  expect(statusOf(directory)).toMatchObject({ state: 'failed', untested: true });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^respan: lib@9\.0\.0 is not traced \(untested version: tested with lib from 1\.0\.0 to below 2\.0\.0\): /,
  );
});

it('survives an error that cannot be read', () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error('no');
      },
      getPrototypeOf: () => {
        throw new Error('no');
      },
    },
  );
  const directory = loaded(
    {
      patchModule: () => {
        throw hostile;
      },
    },
    '1.0.0',
    {},
  );
  expect(statusOf(directory)?.state).toBe('failed');
});
