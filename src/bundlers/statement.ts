import { bindingsOf, exportsOf, handOver, ITSELF, scopeOf } from '../loader/footer';
import type { Target } from '../loader/targets';
import { exportedFunctions, exportedNames, isEsModule, isInScope, isWritable } from './syntax';

/**
 * What is put behind the source of a known file that goes into a bundle: the statement that the loader puts behind what
 * it loads, for code that is going to be moved, renamed and shaken. Empty where there is nothing to hand over.
 */
export function statementFor(target: Target, file: string, source: string): string {
  if (!isEsModule(file, source)) return commonJsStatement(target, source);
  if (target.reExports) return reExportStatement(target, file, source);
  const known = target.names.length > 0 ? target : asFunctions(target, source);
  const { names, scope } = scopeIn(known, source);
  return names.length > 0 ? `\n;${handOver({ ...known, names }, scope)};\n` : '';
}

/**
 * What an instrumentation of OpenTelemetry patches is on `module.exports`; Node never loads the ES module of the same
 * path, but some bundlers do (GraphQL.js). There it is functions that can be replaced.
 */
const asFunctions = (target: Target, source: string): Target => ({
  ...target,
  names: exportedFunctions(source),
  replacesFunctions: true,
});

/** A module of a library may be that of any version: what it has not got is not asked for. */
function scopeIn(target: Target, source: string): { names: string[]; scope: string } {
  const bindings = bindingsOf(target, source)
    .filter(({ local }) => isInScope(local, source))
    .map((one) => ({ ...one, isConstant: !target.replacesFunctions || !isWritable(one.local, source) }));
  return { names: bindings.map(({ name }) => name), scope: scopeOf(bindings) };
}

function reExportStatement(target: Target, file: string, source: string): string {
  const exported = exportedNames(source);
  const names = target.names.filter((name) => exported.has(name));
  if (names.length === 0) return '';
  const itself = JSON.stringify(`./${file.replaceAll('\\', '/').split('/').at(-1)}`);
  return `\n;import * as ${ITSELF} from ${itself};${handOver({ ...target, names }, exportsOf(names))};\n`;
}

/**
 * Bundlers look at how a CommonJS module exports and may make an ES module of it: the statement names nothing that the
 * module does not name itself.
 */
function commonJsStatement(target: Target, source: string): string {
  const exports = source.includes('module.exports')
    ? 'typeof module === "undefined" ? undefined : module.exports'
    : 'typeof exports === "undefined" ? undefined : exports';
  const replace = /\bmodule\.exports\s*=(?!=)/.test(source) ? ['($) => { module.exports = $; }'] : [];
  if (!target.replacesFunctions) {
    return `\n;${handOver(target, exports, 'undefined', ...replace)};\n`;
  }
  const { names, scope } = scopeIn(target, source);
  const handed = handOver({ ...target, names }, scope, exports);
  return names.length > 0 ? `\n;(() => { "use strict"; ${handed}; })();\n` : '';
}
