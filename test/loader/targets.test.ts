import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/instruments/catalog';
import type { CatalogRow } from '../../src/instruments/catalog/row';
import { footerFor, sourceText, targetOfUrl, withFooter } from '../../src/loader/footer';
import { buildTargetIndex, extendTargetIndex, findTarget, isOfNoInterest } from '../../src/loader/targets';
import { tempApp } from '../harness/temp-app';

const rows: CatalogRow[] = [
  {
    id: 'openai',
    title: 'OpenAI',
    category: 'model',
    packages: [
      {
        name: 'openai',
        tested: { from: '4.0.0', below: '8.0.0' },
        files: { 'resources/chat/completions': ['Completions'] },
      },
      {
        name: '@scope/sdk',
        tested: { from: '1.0.0', below: '2.0.0' },
        files: { index: ['Client'], 'deep/index': ['Deep'] },
      },
    ],
  },
];
const index = buildTargetIndex(rows);

describe('findTarget', () => {
  it.each([
    ['/app/node_modules/openai/resources/chat/completions.js', 'openai', 'resources/chat/completions'],
    ['/app/node_modules/openai/resources/chat/completions.mjs', 'openai', 'resources/chat/completions'],
    ['/app/node_modules/@scope/sdk/index.cjs', '@scope/sdk', 'index'],
    [
      '/a/node_modules/.pnpm/@scope+sdk@1.0.0/node_modules/@scope/sdk/deep/index.js',
      '@scope/sdk',
      'deep/index',
    ],
    [
      'C:\\app\\node_modules\\openai\\resources\\chat\\completions.js',
      'openai',
      'resources/chat/completions',
    ],
    [
      '/a/node_modules/b/node_modules/openai/resources/chat/completions.js',
      'openai',
      'resources/chat/completions',
    ],
  ])('knows %s', (file, name, path) => {
    const target = findTarget(index, file);
    expect(target).toMatchObject({ package: name, path });
    expect(file.startsWith(target?.directory ?? '?')).toBe(true);
  });

  it.each([
    '/app/src/resources/chat/completions.js',
    '/app/openai/resources/chat/completions.js',
    '/app/node_modules/openai/resources/chat/other.js',
    '/app/node_modules/openai/node_modules/other/resources/chat/completions.js',
    '/app/node_modules/openai',
    '/app/node_modules/@scope',
    '/app/node_modules/@scope/sdk',
    '/app/node_modules/',
    '/app/node_modules/constructor/toString.js',
    '/app/node_modules/openai/constructor.js',
    '/app/node_modules/openai/__proto__.js',
    '',
  ])('does not know %s', (file) => {
    expect(findTarget(index, file)).toBeUndefined();
  });

  it('knows a package by its manifest where it has another name', () => {
    const manifest = (name: string) => JSON.stringify({ name, version: '4.1.0' });
    const folder = tempApp({
      'node_modules/oai/package.json': manifest('openai'),
      'node_modules/like/package.json': manifest('something-else'),
      'node_modules/broken/package.json': '{',
    });
    const file = (name: string) => `${folder}/node_modules/${name}/resources/chat/completions.js`;
    expect(findTarget(index, file('oai'))).toMatchObject({ package: 'openai' });
    for (const name of ['like', 'broken', 'none']) expect(findTarget(index, file(name))).toBeUndefined();
  });
});

describe('targetOfUrl', () => {
  const path = '/node_modules/openai/resources/chat/completions.mjs';
  it.each([`file:///app${path}`, `file:///my%20app${path}?iitm=true`, `file:///%C3%BC${path}#x`])(
    'knows %s',
    (url) => {
      expect(targetOfUrl(index, url)?.package).toBe('openai');
    },
  );
  it('knows drives', () => {
    expect(targetOfUrl(index, `file:///C:/app${path}`)?.directory).toBe('C:/app/node_modules/openai/');
  });
  it.each([
    `https://host${path}`,
    `node:fs`,
    `data:text/javascript,/node_modules/openai/`,
    `file:///%zz${path}`,
    'file:///app/index.js',
  ])('does not know %s', (url) => {
    expect(targetOfUrl(index, url)).toBeUndefined();
  });
});

describe('withFooter', () => {
  const url = 'file:///app/node_modules/openai/resources/chat/completions.mjs';
  const source = 'export class Completions {}';

  const bytes = Buffer.from(`\u{feff}${source} // é`);

  it.each([source, bytes, new Uint8Array(bytes), new Uint8Array(bytes).buffer])(
    'adds a statement behind the source',
    (given) => {
      const result = withFooter(index, url, { format: 'module', source: given });
      expect(result.source).toSatisfy((text: string) => text.startsWith(`${sourceText(given)}\n;`));
      expect(result.source).toContain('Symbol.for("respan")');
    },
  );

  it.each([
    { format: 'json', source: '{}' },
    { format: 'wasm', source: new Uint8Array() },
    { format: 'builtin', source: null },
    { format: 'commonjs', source: null },
    { format: 'module-typescript', source },
  ])('leaves %j alone', (result) => {
    expect(withFooter(index, url, result)).toBe(result);
  });

  it('leaves other files alone', () => {
    const result = { format: 'module', source };
    expect(withFooter(index, 'file:///app/node_modules/left-pad/index.js', result)).toBe(result);
  });

  it('is a statement that does nothing where nobody listens, and is harmless without the names', () => {
    const target = { package: 'p', directory: '/a "b"/', path: 'x', names: ['NotThere'] };
    expect(() => new Function(footerFor(target))()).not.toThrow();
  });
});

describe('the main module of a package', () => {
  const main = (manifest: object, path: string) => {
    const app = tempApp({
      'node_modules/lib/package.json': JSON.stringify({ name: 'lib', ...manifest }),
    });
    const packages = [
      { name: 'lib', tested: { from: '1.0.0', below: '2.0.0' }, files: { '.': [], 'lib/deep': [] } },
    ];
    const row: CatalogRow = { id: 'lib', title: 'lib', category: 'infrastructure', packages };
    return findTarget(buildTargetIndex([row]), `${app}/node_modules/lib/${path}`)?.path;
  };

  it.each([
    [{}, 'index.js'],
    [{ main: './lib/main.js' }, 'lib/main.js'],
    [{ main: 'lib/main' }, 'lib/main.cjs'],
    [{ main: './lib' }, 'lib/index.js'],
    [{ main: './lib/' }, 'lib/index.js'],
    [{ main: '.' }, 'index.js'],
    [{ exports: './built.js', main: 'old.js' }, 'built.js'],
    [{ exports: { '.': { import: './esm.mjs', require: './main.cjs' }, './deep': './deep.js' } }, 'main.cjs'],
    [{ exports: { '.': { types: './a.d.ts', node: { import: './b.mjs', default: './c.js' } } } }, 'c.js'],
    [{ exports: { import: './esm.mjs', default: './main.js' } }, 'main.js'],
  ])('of %j is %s', (manifest, path) => {
    expect(main(manifest, path)).toBe('.');
  });

  it('is no other file, and files with a row of their own keep their path', () => {
    expect(main({ main: 'lib/main.js' }, 'index.js')).toBeUndefined();
    expect(main({ exports: { './deep': './deep.js' } }, 'deep.js')).toBeUndefined();
    expect(main({ main: 'lib/deep.js' }, 'lib/deep.js')).toBe('lib/deep');
  });
});

describe('the footer of a module that is minified', () => {
  const target = { package: 'p', directory: '/', path: 'x', names: ['query'] };
  const source = 'function N5e(){}export{aq as ERROR,N5e as query,tool};';

  it('reads what it exports under another name, where the catalog says so', () => {
    expect(footerFor({ ...target, namesAreExports: true }, 'file:///x.mjs', source)).toContain(
      'get query() { return typeof N5e ',
    );
    expect(
      footerFor(
        { ...target, namesAreExports: true },
        'file:///x.mjs',
        'function query(){}\nexport { tool, query };',
      ),
    ).toContain('typeof query ');
    expect(footerFor(target, 'file:///x.mjs', source)).toContain('typeof query ');
  });
});

describe('isOfNoInterest', () => {
  it.each([
    ['file:///app/node_modules/openai/resources/chat/completions.mjs', false],
    ['file:///C:/app/node_modules/@scope/sdk/index.js', false],
    ['file:///app/node_modules/@scope/sdk/deep/other.js', false],
    ['file:///app/node_modules/openai/index.mjs', true],
    ['file:///app/node_modules/openai/resources/models.mjs', true],
    ['file:///app/node_modules/openai/resources/chat/deeper/completions.mjs', true],
    // May be openai under another name.
    ['file:///app/node_modules/other/resources/chat/completions.js', false],
    ['file:///app/node_modules/other/index.js', true],
    ['file:///app/node_modules/other/index.js?t=1', true],
    ['file:///app/node_modules/openai/resources/chat/completions.mjs?from=/other/', false],
    ['file:///app/node_modules/openai/resources/ch%61t/completions.mjs', false],
    // May name us.
    ['file:///app/src/index.js', false],
    ['data:text/javascript,import "/node_modules/"', false],
    ['node:fs', false],
  ])('%s: %s', (url, expected) => {
    expect(isOfNoInterest(index, url)).toBe(expected);
  });

  it('is false for each file in the catalog, also under another name', () => {
    const all = buildTargetIndex(catalog);
    for (const { name, files } of catalog.flatMap(({ packages }) => packages ?? [])) {
      for (const path of Object.keys(files)) {
        const url = `file:///app/node_modules/${name}/${path}.js`;
        expect([url, isOfNoInterest(all, url)]).toEqual([url, false]);
      }
    }
  });

  it('knows of packages that were added later', () => {
    const grown = buildTargetIndex([]);
    const url = 'file:///app/node_modules/openai/resources/chat/completions.mjs';
    expect(isOfNoInterest(grown, url)).toBe(true);
    extendTargetIndex(grown, rows);
    expect(isOfNoInterest(grown, url)).toBe(false);
  });
});
