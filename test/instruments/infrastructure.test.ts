import { createRequire } from 'node:module';
import type { InstrumentationModuleDefinition } from '@opentelemetry/instrumentation';
import { describe, expect, it } from 'vitest';
import { infrastructure } from '../../src/instruments/catalog/infrastructure';
import { isWrapped, unwrapAs, wholly, wrapAs } from '../../src/vendor/wrapped';

const load = createRequire(import.meta.url);

interface Made {
  getModuleDefinitions(): InstrumentationModuleDefinition[];
}

/** What OpenTelemetry's instrumentation of that package says it patches, as the catalog writes it. */
function patchedBy(scope: string): Record<string, string[]> {
  const exports = load(scope) as Record<string, unknown>;
  const [, Instrumentation] = Object.entries(exports).find(([name]) => name.endsWith('Instrumentation'))!;
  const made = new (Instrumentation as new (config: object) => Made)({ enabled: false });
  const packages: Record<string, Set<string>> = {};
  for (const { name, patch, files } of made.getModuleDefinitions()) {
    const paths = (packages[name] ??= new Set());
    if (patch) paths.add('.');
    for (const file of files) paths.add(file.name.slice(name.length + 1).replace(/\.js$/, ''));
  }
  return Object.fromEntries(Object.entries(packages).map(([name, paths]) => [name, [...paths].sort()]));
}

/** Of the AWS SDK, seen where a command is sent. */
const [STACK, OLD_STACK] = ['@smithy/middleware-stack', '@aws-sdk/middleware-stack'] as const;

describe('the catalog', () => {
  // Followed in a way of our own, in a file of hapi's that OpenTelemetry leaves alone.
  const rows = infrastructure.filter(({ id, scope, packages }) => scope && packages && id !== 'hapi');

  it.each(rows)('has the files that the instrumentation of $title patches', ({ scope, packages = [] }) => {
    const known = packages.map(({ name, files }) => {
      // But for ES modules that only bundlers take.
      const paths = Object.keys(files).filter((path) => !path.startsWith('dist-es/'));
      return [name, paths.sort()] as const;
    });
    const { [STACK]: _, [OLD_STACK]: __, ...patched } = patchedBy(scope!);
    expect(Object.fromEntries(known)).toEqual(patched);
  });
});

describe('wrapping', () => {
  const owner = {};
  const around = (original: unknown) =>
    function (this: unknown, ...args: unknown[]) {
      return `<${(original as (...all: unknown[]) => string).apply(this, args)}>`;
    };
  const library = () => ({
    greet: Object.assign(
      function greet(name: string, _more: unknown) {
        return `hello ${name}`;
      },
      { hung: 'on' },
    ),
  });

  describe('keeps errors of wrappers from the app:', () => {
    const failing = (when: 'before' | 'after') => (original: unknown) =>
      function (this: unknown, ...args: unknown[]) {
        if (when === 'before') throw new TypeError('an argument that cannot be written down');
        (original as (...all: unknown[]) => string).apply(this, args);
        throw new TypeError('an answer that cannot be read');
      };

    it.each(['before', 'after'] as const)('%s the library was asked', (when) => {
      const { greet } = library();
      let calls = 0;
      const target = { greet: (name: string) => `${greet(name, ++calls)} ${calls}` };
      wrapAs(owner, target, 'greet', failing(when));
      expect(target.greet('you')).toBe('hello you 1');
    });

    it("but not the library's own", () => {
      const own = new RangeError('of the library');
      const target = {
        greet() {
          throw own;
        },
      };
      wrapAs(owner, target, 'greet', (original) => () => {
        try {
          (original as () => void)();
        } catch {
          throw new TypeError('of the wrapper');
        }
      });
      expect(() => target.greet()).toThrow(own);
    });

    it('where they are constructed', () => {
      class Thing {
        constructor(readonly name: string) {}
      }
      const target: { Thing: new (name: string) => Thing } = { Thing };
      wrapAs(
        owner,
        target,
        'Thing',
        () =>
          function () {
            throw new TypeError('no');
          },
      );
      expect(new target.Thing('a')).toMatchObject({ name: 'a' });
      expect(new target.Thing('a')).toBeInstanceOf(Thing);
    });
  });

  it('leaves one function under two names one function, whatever is taken off again', () => {
    const { greet } = library();
    const target = { greet, Greet: greet };
    for (const name of ['greet', 'Greet']) wrapAs(owner, target, name, around);
    expect(target.Greet).toBe(target.greet);
    expect(target.Greet('you', 0)).toBe('<hello you>');
    unwrapAs(owner, target, 'greet');
    expect([target.greet, isWrapped(target.Greet)]).toEqual([greet, true]);
    unwrapAs(owner, target, 'Greet');
    expect(target.Greet).toBe(greet);
  });

  it('keeps getters getters', () => {
    const { greet } = library();
    const target = Object.defineProperty({}, 'greet', {
      get: () => greet,
      enumerable: true,
      configurable: true,
    }) as { greet: typeof greet };
    wrapAs(owner, target, 'greet', around);
    const { get, enumerable } = Object.getOwnPropertyDescriptor(target, 'greet')!;
    expect([get?.call(target), enumerable, target.greet('you', 0)]).toEqual([
      target.greet,
      true,
      '<hello you>',
    ]);
    unwrapAs(owner, target, 'greet');
    expect(target.greet).toBe(greet);
  });

  it('is async where the function was', () => {
    const target = { ask: async () => 'it', sync: () => 'it' };
    const kind = (value: unknown) => Object.prototype.toString.call(value);
    wrapAs(owner, target, 'ask', (original) => () => (original as () => unknown)());
    wrapAs(owner, target, 'sync', (original) => async () => (original as () => unknown)());
    expect([kind(target.ask), kind(target.sync)]).toEqual(['[object AsyncFunction]', '[object Function]']);
  });

  it('looks like what it wraps, and bears none of the marks by which OpenTelemetry takes wrappers off', () => {
    const target = library();
    const { greet } = target;
    wrapAs(owner, target, 'greet', around);
    expect(target.greet('you', 0)).toBe('<hello you>');
    expect([target.greet.name, target.greet.length, target.greet.hung]).toEqual(['greet', 2, 'on']);
    expect(Object.keys(target.greet)).toEqual(['hung']);
    expect(isWrapped(target.greet)).toBe(true);
    expect(isWrapped(greet)).toBe(false);
  });

  it('is done once by one owner, and above whatever another has done', () => {
    const target = library();
    wrapAs(owner, target, 'greet', around);
    wrapAs(owner, target, 'greet', around);
    expect(target.greet('you', 0)).toBe('<hello you>');
    wrapAs({}, target, 'greet', around);
    expect(target.greet('you', 0)).toBe('<<hello you>>');
    unwrapAs(owner, target, 'greet');
    expect(target.greet('you', 0)).toBe('<<hello you>>');
    // Its own wrapper is below: another patch of the same module does not add a second.
    wrapAs(owner, target, 'greet', around);
    expect(target.greet('you', 0)).toBe('<<hello you>>');
  });

  it('is undone where the patch throws', () => {
    const target = library();
    const { greet } = target;
    const failing = () =>
      wholly(() => {
        wrapAs(owner, target, 'greet', around);
        throw new Error('of the patch');
      });
    expect(failing).toThrow('of the patch');
    expect(target.greet).toBe(greet);
  });

  it('leaves alone what is inherited, and takes itself off again', () => {
    class Library {
      greet() {
        return 'hello';
      }
    }
    class Sub extends Library {}
    const target = Sub.prototype as unknown as Record<string, unknown>;
    wrapAs(owner, target, 'greet', around);
    expect(new Sub().greet()).toBe('<hello>');
    expect(new Library().greet()).toBe('hello');
    unwrapAs(owner, target, 'greet');
    expect(Object.hasOwn(target, 'greet')).toBe(false);
  });
});
