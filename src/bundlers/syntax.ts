import { existsSync, readFileSync } from 'fs';
import { dirname } from 'path';

/**
 * What has to be known of a source before a bundler reads it. Bundlers have parsers, each another one; what is asked here
 * are a handful of things of files that are known beforehand, and where the answer is unclear the careful one is given.
 */

const ES_MODULE =
  /(?:^|[;}\n])\s*(?:import\s*(?:[\w$*{]|["'])|export\s*(?:[{*]|default\b|(?:async|class|const|function|let|var)\s))/;
const COMMONJS = /(?:^|[;\n])\s*(?:module\.exports\b|exports\.[\w$]+\s*=|Object\.defineProperty\(exports\b)/;

/** Whether a bundler takes the file for an ES module. They look at its syntax where Node would look at package.json. */
export function isEsModule(file: string, source: string): boolean {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  if (!ES_MODULE.test(source)) return false;
  return !COMMONJS.test(source) || typeOf(file) === 'module';
}

function typeOf(file: string): unknown {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = `${folder}/package.json`;
    if (!existsSync(manifest)) continue;
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: unknown }).type;
  }
  return undefined;
}

const escaped = (name: string): string => name.replaceAll('$', '\\$');

/**
 * Whether the module has something of its own, or imported, under that name. One that it has not would be a global of
 * that name, for which bundlers call things in other modules differently.
 */
export function isInScope(name: string, source: string): boolean {
  return isDeclared(name, source) || isImported(name, source);
}

function isDeclared(name: string, source: string): boolean {
  const keyword = `(?:class|function|var|let|const)[\\s*]+${escaped(name)}`;
  const inList = `(?:var|let|const)\\s[^;]*?[,\\s]${escaped(name)}\\s*[=,;]`;
  return new RegExp(`(?:^|[^.\\w$])(?:${keyword}(?![\\w$])|${inList})`).test(source);
}

function isImported(name: string, source: string): boolean {
  const local = `(?:[\\w$]+\\s+as\\s+)?${escaped(name)}`;
  const clause = `\\{(?:[^}]*,)?\\s*${local}\\s*(?:,[^}]*)?\\}|\\*\\s*as\\s+${escaped(name)}\\s|${escaped(name)}[\\s,]`;
  return new RegExp(`(?:^|[;}\\n])\\s*import\\s*(?:[\\w$]+\\s*,\\s*)?(?:${clause})`).test(source);
}

/** Whether something else may be assigned to the name: bundlers fail where that is sure to throw. */
export function isWritable(name: string, source: string): boolean {
  const declaredAs = (keywords: string) =>
    new RegExp(`(?:^|[^.\\w$])(?:${keywords})[\\s*]+${escaped(name)}(?![\\w$])`).test(source);
  return declaredAs('function|var|let') && !declaredAs('const') && !isImported(name, source);
}

/** The names in `export { … }` clauses. */
export function exportedNames(source: string): Set<string> {
  const clauses = source.matchAll(/(?:^|[;}\n])\s*export\s*\{([^}]*)\}/g);
  const names = [...clauses].flatMap(([, names = '']) => names.split(','));
  return new Set(
    names.map(
      (name) =>
        name
          .trim()
          .split(/\s+as\s+/)
          .at(-1)!,
    ),
  );
}

/** The functions that are declared where they are exported, as such or as constants, which can only be read. */
export function exportedFunctions(source: string): string[] {
  const declared = source.matchAll(
    /(?:^|[;}\n])\s*export\s+(?:(?:async\s+)?function\s*\*?\s*([\w$]+)|const\s+([\w$]+)\s*=\s*(?:async\s+)?function\b)/g,
  );
  return [...declared].map(([, name, constant]) => (name ?? constant)!);
}
