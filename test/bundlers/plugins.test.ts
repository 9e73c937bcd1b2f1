import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { marker } from '../../src/bundlers/marker';
import rollup from '../../src/bundlers/rollup';
import vite from '../../src/bundlers/vite';
import webpack from '../../src/bundlers/webpack';
import { tempFolder } from '../harness/temp-app';

afterEach(() => {
  vi.restoreAllMocks();
});

const stderr = () => vi.spyOn(process.stderr, 'write').mockReturnValue(true);
const FILE = '/app/node_modules/openai/resources/embeddings.mjs';
const SOURCE = 'export class Embeddings {}';

interface Hooks {
  transform(code: string, id: string, options?: object): { code: string; map: null } | null;
  resolveId(id: string): unknown;
}

describe('the files a bundler asks for', () => {
  it.each([
    [FILE, true],
    ['C:\\app\\node_modules\\@anthropic-ai\\sdk\\client.js', true],
    // Under another name.
    ['/app/node_modules/openai-4/resources/chat/completions/completions.js', true],
    ['/app/node_modules/.pnpm/ai@6.0.0/node_modules/ai/dist/index.mjs?v=1', true],
    ['/app/node_modules/lodash/lodash.js', false],
    ['/app/openai/resources/embeddings.mjs', false],
    ['/app/node_modules/openai/package.json', false],
  ])('%s: %s', (file, expected) => {
    expect(marker().filter.test(file)).toBe(expected);
  });

  it('are those of the catalog, by their names and those in their manifests', () => {
    const folder = join(tempFolder(), 'node_modules/another-name');
    mkdirSync(join(folder, 'resources/chat/completions'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "name": "openai", "version": "6.1.0" }');
    const file = join(folder, 'resources/chat/completions/completions.mjs');
    const code = marker().mark(file, 'export class Completions {}');
    expect(code).toContain('"package":"openai"');
    expect(code).toContain('"version":"6.1.0"');
    expect(code).not.toContain(folder);
    expect(marker().mark(`\0${file}?commonjs-proxy`, 'export class Completions {}')).toBeUndefined();
  });
});

describe('a bundler that is too old', () => {
  it('Rollup 2 is told in a line, and gets functions', () => {
    const said = stderr();
    const plugin = rollup();
    plugin.options.call({ meta: { rollupVersion: '2.79.2' } });
    const { transform, resolveId } = plugin as unknown as Hooks;
    expect(transform(SOURCE, FILE)?.code).toContain('moduleLoaded');
    expect(resolveId('respan')).toEqual({ id: 'respan', external: true });
    expect(said).toHaveBeenCalledWith(expect.stringMatching(/^respan: .*Rollup 3/));
  });

  it('webpack 4 is told in a line, and nothing else is done', () => {
    const said = stderr();
    webpack().apply({ hooks: {}, options: {} });
    expect(said).toHaveBeenCalledWith(expect.stringMatching(/^respan: webpack 4/));
  });
});

describe('what is built for browsers', () => {
  const handlers = (config: object): Hooks => {
    const plugin = vite();
    plugin.configResolved(config);
    const { transform } = plugin as unknown as { transform: { handler: Hooks['transform'] } };
    return { transform: transform.handler } as Hooks;
  };

  it('is left alone by Vite', () => {
    const { transform } = handlers({ build: { ssr: false } });
    expect(transform(SOURCE, FILE, { ssr: false })).toBeNull();
    expect(transform(SOURCE, FILE, { ssr: true })).toMatchObject({ map: null });
    expect(
      transform.call({ environment: { config: { consumer: 'client' } } } as never, SOURCE, FILE),
    ).toBeNull();
    expect(handlers({ build: { target: 'node20' } }).transform(SOURCE, FILE)).not.toBeNull();
  });

  it('is left alone by webpack', () => {
    const rules: unknown[] = [];
    const externals: unknown[] = [];
    class ExternalsPlugin {
      constructor(type: string) {
        externals.push(type);
      }
      apply() {}
    }
    const compile = (externalsPresets: object) =>
      webpack().apply({
        webpack: { ExternalsPlugin },
        hooks: { afterEnvironment: { tap: (_: string, callback: () => void) => callback() } },
        options: { externalsPresets, module: { rules }, output: {} },
      });
    compile({ web: true });
    expect([rules, externals]).toEqual([[], []]);
    vi.stubGlobal('__VERSION__', '1.0.0');
    compile({ node: true });
    expect(rules).toMatchObject([{ enforce: 'pre', use: [{ options: { ident: 'respan@1.0.0' } }] }]);
    expect(externals).toEqual(['commonjs']);
    vi.unstubAllGlobals();
  });
});
