import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { linkTree } from './app-folder';
import { cache, fixtures } from './paths';

export type Format = 'mjs' | 'cjs';

/** `fixtures/otel-trees/<tree>` as the folder of an app: each has SDKs that cannot be installed side by side. */
export function treeFolder(tree: string): string {
  return made(join('trees', tree), (folder) => {
    symlinkSync(join(fixtures, 'otel-trees', tree, 'node_modules'), join(folder, 'node_modules'), 'dir');
  });
}

/** An app with one version of `@opentelemetry/api` and, where asked for, a library of its that brings another. */
export function apiFolder(api: string, openai: string, libraryApi?: string): string {
  const library = libraryApi ? `+library-${libraryApi}` : '';
  return made(join('apps', `api-${api}+${openai}${library}`), (folder) => {
    const modules = join(folder, 'node_modules');
    copy(`otel-trees/apis/node_modules/otel-api-${api}`, join(modules, '@opentelemetry', 'api'));
    linkTree(join(fixtures, 'sdks', 'openai-anthropic', 'node_modules', openai), join(modules, 'openai'));
    if (!libraryApi) return;
    const target = join(modules, 'tracing-library');
    copy('opentelemetry/tracing-library', target);
    copy(
      `otel-trees/apis/node_modules/otel-api-${libraryApi}`,
      join(target, 'node_modules', '@opentelemetry', 'api'),
    );
  });
}

function copy(fixture: string, target: string): void {
  cpSync(join(fixtures, fixture), target, { recursive: true });
}

/**
 * Puts a fixture into an app's folder, from where it finds the app's packages, and answers with its path. The
 * fixture is an ES module; its CommonJS twin has the same text with `require` for `import`.
 */
export function place(folder: string, fixture: string, format: Format): string {
  return placeAs(folder, fixture, basename(fixture, '.mjs'), format);
}

/** The same under another name. */
export function placeAs(folder: string, fixture: string, name: string, format: Format): string {
  const source = readFileSync(join(fixtures, fixture), 'utf8');
  const target = join(folder, `${name}.${format}`);
  write(target, format === 'cjs' ? asCommonJs(source) : source);
  return target;
}

export function asCommonJs(source: string): string {
  return source
    .replace(/^import (\w+) from ('[^']+');$/gm, 'const { default: $1 = require($2) } = require($2);')
    .replace(/^import \* as (\w+) from ('[^']+');$/gm, 'const $1 = require($2);')
    .replace(/^import (\{[^}]+\}) from ('[^']+');$/gm, (_, names: string, from: string) => {
      return `const ${names.replace(/ as /g, ': ')} = require(${from});`;
    })
    .replace(/^export (async )?function (\w+)/gm, 'exports.$2 = $2;\n\n$1function $2')
    .replace(/^import ('[^']+');$/gm, 'require($1);')
    .replace(/(require\('\.\/[^']+)\.mjs'\)/g, "$1.cjs')");
}

/** Tests run in several threads: a folder or file appears complete or not at all. */
function made(name: string, fill: (folder: string) => void): string {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const building = `${folder}.${process.pid}.${Math.random()}`;
  mkdirSync(building, { recursive: true });
  fill(building);
  try {
    renameSync(building, folder);
  } catch {
    rmSync(building, { recursive: true, force: true });
  }
  return folder;
}

function write(target: string, text: string): void {
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return;
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}.${Math.random()}`;
  writeFileSync(draft, text);
  renameSync(draft, target);
}
