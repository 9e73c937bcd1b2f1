import { SHARED_KEY } from '../config/shared-key';
import { findTarget, type Target, type TargetIndex } from './targets';

/**
 * An ES module is hooked by one statement behind its source that hands its classes over once it has run. Unlike
 * a wrapper module this changes no export, no binding, no identity and no line number, works for entry
 * points, and puts no frame of ours into the app's stack traces.
 */
export function footerFor(target: Target): string {
  return `\n;${handOver(target, scopeOf(target.names))};\n`;
}

/** The same for a CommonJS module whose functions are to be replaced; see CatalogPackage.replacesFunctions. */
export function commonJsFooterFor(target: Target): string {
  // Strict, so that a name the module has not declared does not become a global when it is assigned to.
  return `\n;(() => { "use strict"; ${handOver(target, scopeOf(target.names), 'module.exports')}; })();\n`;
}

function handOver(target: Target, ...values: string[]): string {
  const key = `Symbol.for(${JSON.stringify(SHARED_KEY)})`;
  return `globalThis[${key}]?.moduleLoaded?.(${[JSON.stringify(target), ...values].join(', ')})`;
}

/**
 * An object through which the module's own bindings are read and, where they are functions or variables, replaced:
 * whoever imports the name, and the module itself, calls what is there when it calls.
 */
function scopeOf(names: readonly string[]): string {
  const accessors = names.map(
    (name) =>
      `get ${name}() { return typeof ${name} === "undefined" ? undefined : ${name}; }, ` +
      `set ${name}($) { ${name} = $; }`,
  );
  return `{ ${accessors.join(', ')} }`;
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
  if (!target) return result;
  return { ...result, source: sourceText(result.source) + footerFor(target) };
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
