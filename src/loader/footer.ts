import { SHARED_KEY } from '../config/shared-key';
import { findTarget, type Target, type TargetIndex } from './targets';

/**
 * An ES module is hooked by one statement behind its source that hands its classes over once it has run. Unlike
 * a wrapper module this changes no export, no binding, no identity and no line number, works for entry
 * points, and puts no frame of ours into the app's stack traces.
 */
export function footerFor(target: Target, url = '', source = ''): string {
  // A CommonJS file may come by where only its syntax is looked at, which must stay what it is.
  if (!target.reExports || !/\.m?js$/.test(url)) {
    return `\n;${handOver(target, scopeOf(bindingsOf(target, source)))};\n`;
  }
  const itself = JSON.stringify(`./${url.split('/').at(-1)}`);
  return `\n;import * as ${ITSELF} from ${itself};${handOver(target, exportsOf(target.names))};\n`;
}

/** The module itself, as those see it who import it. */
export const ITSELF = '$respanModule';

/** What a module passes on from others has no name in it. */
export function exportsOf(names: readonly string[]): string {
  return `{ ${names.map((name) => `get ${name}() { return ${ITSELF}.${name}; }`).join(', ')} }`;
}

/**
 * The same for a CommonJS module whose functions are to be replaced; see CatalogPackage.replacesFunctions. It may turn out
 * to be an ES module, which Node finds out when it compiles it.
 */
export function commonJsFooterFor(target: Target, source: string): string {
  // Strict, so that a name the module has not declared does not become a global when it is assigned to.
  return `\n;(() => { "use strict"; ${handOver(target, scopeOf(bindingsOf(target, source)), MODULE_EXPORTS)}; })();\n`;
}

const MODULE_EXPORTS = 'typeof module === "undefined" ? undefined : module.exports';

export function handOver(target: Target, ...values: string[]): string {
  const key = `Symbol.for(${JSON.stringify(SHARED_KEY)})`;
  return `globalThis[${key}]?.moduleLoaded?.(${[JSON.stringify(target), ...values].join(', ')})`;
}

/** A name the instrument wants, and what stands for it in the module's scope. */
export interface Binding {
  name: string;
  local: string;
  /** Never written to, where a bundler would take it for the mistake that it were. */
  isConstant?: boolean;
}

export function bindingsOf({ names, namesAreExports }: Target, source = ''): Binding[] {
  return names.map((name) => ({ name, local: namesAreExports ? localNameOf(name, source) : name }));
}

/**
 * An object through which the module's own bindings are read and, where they are functions or variables, replaced:
 * whoever imports the name, and the module itself, calls what is there when it calls.
 */
export function scopeOf(bindings: readonly Binding[]): string {
  const accessors = bindings.map(({ name, local, isConstant }) => {
    const get = `get ${name}() { return typeof ${local} === "undefined" ? undefined : ${local}; }`;
    return isConstant ? get : `${get}, set ${name}($) { ${local} = $; }`;
  });
  return `{ ${accessors.join(', ')} }`;
}

/** What a module calls the thing that it exports as `name`: minified ones say so in one clause at their end. */
function localNameOf(name: string, source: string): string {
  const clause = source.slice(Math.max(0, source.lastIndexOf('export{'), source.lastIndexOf('export {')));
  return new RegExp(`[{,\\s]([\\w$]+)\\s+as\\s+${name}\\s*[,}]`).exec(clause)?.[1] ?? name;
}

export interface LoadResult {
  format?: string | null | undefined;
  source?: unknown;
}

/** `result` with the footer behind its source, or `result` itself where there is nothing to hook. */
export function withFooter<Result extends LoadResult>(
  index: TargetIndex,
  url: string,
  result: Result,
): Result {
  // CommonJS, also where it is imported, is commonjs-hook.ts's.
  if (result.format !== 'module' || result.source == null) return result;
  const target = targetOfUrl(index, url);
  if (!target || target.names.length === 0) return result;
  const source = sourceText(result.source);
  return { ...result, source: source + footerFor(target, url, source) };
}

/** Loaders add queries (`?iitm=true`, `?t=123`); the file is the same. */
export function targetOfUrl(index: TargetIndex, url: string): Target | undefined {
  if (!url.startsWith('file:///') || !url.includes('/node_modules/')) return undefined;
  try {
    // For each module of each library: parsing a URL is ten times the rest.
    const end = url.search(/[?#]/);
    let path = url.slice('file://'.length, end < 0 ? undefined : end);
    if (path.includes('%')) path = decodeURIComponent(path);
    // file:///C:/app becomes /C:/app.
    if (/^\/[A-Za-z]:\//.test(path)) path = path.slice(1);
    return findTarget(index, path);
  } catch {
    return undefined;
  }
}

export function sourceText(source: unknown): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source as Uint8Array);
}
