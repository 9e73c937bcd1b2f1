import { afterEach, describe, expect, it } from 'vitest';
import { statementFor } from '../../src/bundlers/statement';
import { isEsModule, isInScope, isWritable } from '../../src/bundlers/syntax';
import type { Target } from '../../src/loader/targets';

const target = (more: Partial<Target> = {}): Target => ({
  package: 'lib',
  directory: '',
  version: '1.2.3',
  path: 'dist/index',
  names: ['Client', 'call'],
  ...more,
});

interface HandedOver {
  target: Target;
  exports: Record<string, unknown>;
  commonJs: unknown;
  replace?: (exports: unknown) => void;
}

const KEY = Symbol.for('respan');
const globals = globalThis as Record<symbol, unknown>;
afterEach(() => {
  delete globals[KEY];
});

/** Runs a CommonJS module as bundles do, with what respan is told of it. */
function run(source: string): { module: { exports: unknown }; handed: HandedOver[] } {
  const handed: HandedOver[] = [];
  globals[KEY] = {
    moduleLoaded: (target: Target, exports: never, commonJs: unknown, replace: never) =>
      void handed.push({ target, exports, commonJs, replace }),
  };
  const module = { exports: {} as unknown };
  new Function('module', 'exports', source)(module, module.exports);
  return { module, handed };
}

const marked = (source: string, more?: Partial<Target>, file = '/app/node_modules/lib/dist/index.js') =>
  source + statementFor(target(more), file, source);

describe('the statement behind a CommonJS module', () => {
  it('hands over what it exports, and nothing of the machine', () => {
    const source = marked('exports.Client = class Client {};');
    const { module, handed } = run(source);
    expect(handed).toHaveLength(1);
    expect(handed[0]!.exports).toBe(module.exports);
    expect(handed[0]!.target).toEqual(target());
    // Bundlers make ES modules of what only has `exports`.
    expect(source).not.toContain('module.exports');
    expect(source).not.toContain('/app/');
  });

  it('lets what it exports be replaced, where it is assigned', () => {
    const { module, handed } = run(marked('module.exports = function lib() {};'));
    expect(handed[0]!.exports).toBe(module.exports);
    handed[0]!.replace?.('another');
    expect(module.exports).toBe('another');
  });

  it('hands over its scope, where functions are to be replaced', () => {
    const source = marked('function call() { return 1; }\nexports.call = () => call();', {
      replacesFunctions: true,
    });
    const { module, handed } = run(source);
    expect(handed[0]!.target.names).toEqual(['call']);
    handed[0]!.exports.call = () => 2;
    expect((module.exports as { call(): number }).call()).toBe(2);
  });

  it('does nothing at all without respan', () => {
    const module = { exports: {} };
    const names = Object.getOwnPropertyNames(globalThis);
    new Function('module', 'exports', marked('exports.Client = 1;'))(module, module.exports);
    expect(module.exports).toEqual({ Client: 1 });
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(names);
    expect(globals[KEY]).toBeUndefined();
  });
});

describe('the statement behind an ES module', () => {
  it('asks for what is in scope, and writes to nothing', () => {
    const statement = statementFor(target(), '/x/index.mjs', 'export class Client {}');
    expect(statement).toContain('"names":["Client"]');
    expect(statement).toMatch(/get Client\(\) \{/);
    expect(statement).not.toContain('set Client');
    expect(statement).not.toContain('call()');
  });

  it('writes to functions alone, where they are to be replaced', () => {
    const source = 'export const Client = 1;\nexport async function call() {}';
    const statement = statementFor(target({ replacesFunctions: true }), '/x/index.mjs', source);
    expect(statement).toContain('set call(');
    expect(statement).not.toContain('set Client(');
  });

  it('is none where there is nothing', () => {
    expect(statementFor(target(), '/x/index.mjs', 'export { Client } from "./other.mjs";')).toBe('');
  });

  it('takes the names behind an export clause', () => {
    const source = 'class a{}function b(){}export{a as Client,b as call};';
    const statement = statementFor(
      target({ namesAreExports: true, replacesFunctions: true }),
      '/x/sdk.mjs',
      source,
    );
    expect(statement).toContain('get Client() { return typeof a === "undefined" ? undefined : a; }');
    expect(statement).toContain('set call($) { b = $; }');
  });

  it('imports itself for what it passes on', () => {
    const source = 'export { x as Client } from "../chunk.js";';
    const statement = statementFor(target({ reExports: true }), '/x/index.js', source);
    expect(statement).toContain('import * as $respanModule from "./index.js"');
    expect(statement).toContain('"names":["Client"]');
  });

  it('has functions where Node would have an object to patch', () => {
    const statement = statementFor(target({ names: [] }), '/x/execute.mjs', 'export function execute() {}');
    expect(statement).toContain('"names":["execute"]');
    expect(statement).toContain('set execute(');
  });
});

describe('what a source says', () => {
  it.each([
    ['import a from "b";', true],
    ['/** x */\nexport{a as b};', true],
    ['const a=1;export default a', true],
    ['"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });', false],
    ['module.exports = require("./x");', false],
    [' * export const inAComment = 1;\nexports.a = 1;', false],
    ['(function () {})();', false],
  ])('%j is an ES module: %s', (source, expected) => {
    expect(isEsModule('/nowhere/x.js', source)).toBe(expected);
  });

  it.each([
    ['class Client {}', true],
    ['var a = 1, Client = class {};', true],
    ['import { Client } from "x";', true],
    ['import { a as Client } from "x";', true],
    ['import { Client as a } from "x";', false],
    ['export { Client } from "x";', false],
    ['// a Client\na.Client();', false],
    ['class Clients {}', false],
  ])('%j has Client in scope: %s', (source, expected) => {
    expect(isInScope('Client', source)).toBe(expected);
  });

  it.each([
    ['async function* call() {}', true],
    ['var call = other;', true],
    ['const call = () => {};', false],
    ['import { call } from "x";\n{ function call() {} }', false],
  ])('%j can have call replaced: %s', (source, expected) => {
    expect(isWritable('call', source)).toBe(expected);
  });
});
