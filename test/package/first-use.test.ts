import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script of the build.
import { onFirstUse } from '../../scripts/first-use.mjs';

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
