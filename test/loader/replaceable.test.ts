import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { patch } from '../../src/instruments/kit/wrap';
import { commonJsFooterFor, footerFor } from '../../src/loader/footer';
import { replaceable } from '../../src/loader/replaceable';
import type { Target } from '../../src/loader/targets';
import { nodeBinary } from '../harness/nodes';
import { run } from '../harness/run-app';
import { tempApp } from '../harness/temp-app';

const target = (names: string[]): Target => ({ package: 'lib', directory: '/lib/', path: 'index', names });

/** What the loader does with what the footer says, in few lines and on every call. */
const LISTENER = `
globalThis[Symbol.for('respan')] = {
  moduleLoaded(target, scope, exports) {
    for (const name of target.names) {
      const original = scope[name];
      if (typeof original !== 'function') continue;
      try {
        scope[name] = (...args) => 'seen ' + original(...args);
      } catch (error) {
        console.log(name + ': ' + error.constructor.name);
      }
    }
  },
};`;

describe('the footer', () => {
  it('replaces functions of an ES module for whoever imports them, and for the module itself', async () => {
    const names = ['f', 'inner', 'constant', 'imported', 'missing', 'Class'];
    const folder = tempApp({
      'listener.mjs': LISTENER,
      'other.mjs': `export function imported() { return 'imported'; }`,
      'lib.mjs': `
        import { imported } from './other.mjs';
        export function f() { return 'f ' + inner(); }
        function inner() { return 'inner'; }
        export const constant = () => 'constant';
        export class Class {}
        export { imported };
        export const all = { get f() { return f; } };
        export default f;
        ${footerFor(target(names))}`,
      'app.mjs': `
        import './listener.mjs';
        const lib = await import('./lib.mjs');
        console.log([lib.f(), lib.constant(), lib.imported(), lib.all.f(), lib.default === lib.f].join(', '));`,
    });
    const { stdout, code } = await run(nodeBinary('20'), ['app.mjs'], { cwd: folder });
    expect(code).toBe(0);
    // A constant and what is another module's are left as they are. (A default export is a copy.)
    expect(stdout).toBe(
      'constant: TypeError\nimported: TypeError\nseen f seen inner, constant, imported, seen f seen inner, false\n',
    );
  });

  /** What an app prints that requires the ES module `lib` and calls its `f`. */
  async function required(lib: string): Promise<string> {
    const folder = tempApp({
      'listener.cjs': LISTENER,
      'lib.mjs': lib,
      'app.cjs': `
        require('./listener.cjs');
        console.log(require('./lib.mjs').f());`,
    });
    const { stdout } = await run(nodeBinary('24'), ['app.cjs'], { cwd: folder });
    return stdout;
  }

  it('does so for an ES module that is required, which the CommonJS loader sees first', async () => {
    const source = `export function f() { return 'f'; }\n`;
    expect(await required(source + commonJsFooterFor(target(['f', 'missing']), ''))).toBe('seen f\n');
  });

  it('knows a name that is exported by what a minified one calls it, in one that is required as well', async () => {
    const source = 'function a() { return "f"; } export{a as f};';
    const footer = commonJsFooterFor({ ...target(['f']), namesAreExports: true }, source);
    expect(await required(source + footer)).toBe('seen f\n');
  });

  it('hands over what an entry point passes on from other files', async () => {
    const entry = { ...target(['Class', 'missing']), reExports: true as const };
    const folder = tempApp({
      'listener.mjs': `globalThis[Symbol.for('respan')] = {
        moduleLoaded(target, exports) { console.log(target.names.map((name) => typeof exports[name]).join()); } };`,
      'other.mjs': 'export class Class {}',
      'entry.mjs': `export { Class } from './other.mjs';${footerFor(entry, 'file:///lib/entry.mjs')}`,
      'app.mjs': `
        import './listener.mjs';
        console.log(Object.keys(await import('./entry.mjs')).join());`,
    });
    const { stdout } = await run(nodeBinary('20'), ['app.mjs'], { cwd: folder });
    expect(stdout).toBe('function,undefined\nClass\n');
  });

  it('hands over the scope of a CommonJS module, strictly', async () => {
    const folder = tempApp({
      'listener.cjs': LISTENER,
      'lib.cjs': `
        function f() { return 'f'; }
        Object.defineProperty(module.exports, 'f', { enumerable: true, get: () => f });
        ${commonJsFooterFor(target(['f', 'missing']), '')}`,
      'app.cjs': `
        require('./listener.cjs');
        console.log(require('./lib.cjs').f(), 'missing' in globalThis);`,
    });
    const { stdout } = await run(nodeBinary('20'), ['app.cjs'], { cwd: folder });
    expect(stdout).toBe('seen f false\n');
  });
});

describe('replaceable', () => {
  const original = () => 'original';
  const replacement = () => 'replaced';

  function scopeOf(first: unknown) {
    let f = first;
    return {
      get f() {
        return f;
      },
      set f(value) {
        f = value;
      },
    };
  }

  it('writes to the scope and to what is exported', () => {
    const scope = scopeOf(original);
    const exports = { f: original };
    replaceable(['f'], scope, exports).f = replacement;
    expect([scope.f, exports.f]).toEqual([replacement, replacement]);
  });

  it('leaves an export alone that is something else', () => {
    const other = () => 'other';
    const exports = { f: other };
    replaceable(['f'], scopeOf(original), exports).f = replacement;
    expect(exports.f).toBe(other);
  });

  it('writes to either where the other cannot be written to', () => {
    const scope = scopeOf(original);
    replaceable(['f'], scope, Object.freeze({ f: original })).f = replacement;
    expect(scope.f).toBe(replacement);

    const constant = {
      get f() {
        return original;
      },
      set f(_: unknown) {
        throw new TypeError('Assignment to constant variable.');
      },
    };
    const exports = { f: original };
    replaceable(['f'], constant, exports).f = replacement;
    expect(exports.f).toBe(replacement);
    expect(() => {
      replaceable(['f'], constant, Object.freeze({ f: original })).f = replacement;
    }).toThrow('f cannot be replaced');
  });

  it('is what a patch wraps and, should a later step throw, puts back', () => {
    const scope = scopeOf(original);
    const exports: Record<string, unknown> = { f: original, g: undefined };
    const names = replaceable(['f', 'g'], scope, exports);
    patch((wrap) => wrap(names, 'f', (inner) => () => `seen ${inner()}`));
    expect((scope.f as () => string)()).toBe('seen original');
    expect(exports.f).toBe(scope.f);
    expect((scope.f as () => string).name).toBe('original');

    const before = scope.f;
    const again = replaceable(['f'], scopeOf(original), {});
    expect(() =>
      patch((wrap) => {
        wrap(again, 'f', () => replacement);
        throw new Error('later');
      }),
    ).toThrow('later');
    expect(again.f).toBe(original);
    expect(scope.f).toBe(before);
  });

  it('keeps the kind of async and generator functions', () => {
    async function* chunks(): AsyncGenerator<number> {
      yield 1;
    }
    const names = replaceable(['chunks'], {}, { chunks });
    patch((wrap) =>
      wrap(
        names,
        'chunks',
        (inner) =>
          (...args) =>
            inner(...args),
      ),
    );
    const wrapped = names.chunks as typeof chunks;
    expect(wrapped.constructor).toBe(chunks.constructor);
    expect(wrapped()).toBeInstanceOf(wrapped);
    expect(inspect(wrapped)).toBe(inspect(chunks));
    expect(Object.keys(wrapped)).toEqual([]);
  });
});
