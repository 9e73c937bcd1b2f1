import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script of the build.
import { onFirstUse, requiredOnce } from '../../scripts/requires.mjs';

/** Runs what becomes of `code`, whose other chunk exports `exports`; answers with what it returns, and when it was read. */
function ran(code: string, exports: object) {
  const read: string[] = [];
  const require = (file: string) => {
    read.push(file);
    return exports;
  };
  const text = (onFirstUse as (code: string, file: string) => string)(code, 'other.js');
  const use = new Function('require', text) as (r: typeof require) => () => unknown;
  const run = use(require);
  return { before: [...read], result: run(), read };
}

class Thing {
  constructor(readonly name: string) {}
}

describe('a chunk that is read when something of it is used', () => {
  it.each([
    ['a call', '(0,import_a.make)("x")', { make: (name: string) => new Thing(name) }],
    ['a constructor', 'new import_a.Thing("x")', { Thing }],
    ['a constructor further in', 'new import_a.all.Thing("x")', { all: { Thing } }],
    ['a class that extends another', 'new(class extends import_a.Thing{})("x")', { Thing }],
  ])('%s', (_, expression, exports) => {
    const code = `var import_a=require("./other.js"),other=1;return ()=>${expression};`;
    // A declaration behind a `return` is hoisted, as it is at the end of a file.
    const { before, result, read } = ran(code, exports);
    expect(before).toEqual([]);
    expect(result).toMatchObject({ name: 'x' });
    expect(read).toEqual(['./other.js']);
  });

  it('is refused where it is used as a whole', () => {
    expect(() => ran('var import_a=require("./other.js");use(import_a)', {})).toThrow('used as a whole');
  });

  it('leaves code alone that has nothing of it', () => {
    expect(ran('return ()=>1', {}).result).toBe(1);
  });
});

describe('what a chunk requires at once', () => {
  const twice =
    'var import_a=require("./other.js");var import_b=require("./other.js"),x=1;return[import_a,import_b];';
  const readBy = (code: string) => {
    const read: string[] = [];
    const require = (file: string) => read.push(file) && { file };
    const text = (requiredOnce as (code: string) => string)(code);
    return { result: new Function('require', text)(require) as object[], read };
  };

  it('is required once', () => {
    const { result, read } = readBy(twice);
    expect(read).toEqual(['./other.js']);
    expect(result).toEqual([{ file: './other.js' }, { file: './other.js' }]);
  });

  it('is left as it is where parts of the chunk run later', () => {
    expect(readBy(`var later=()=>__esm();${twice}`).read).toHaveLength(2);
  });
});
