import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';
import { sourceText } from './footer';

/** The entries of this package by what an app writes behind its name, without extension. */
export const OWN_ENTRIES: Record<string, string> = {
  '': 'index',
  '/register': 'register',
  '/testing': 'testing',
  '/global': 'global',
};

const IMPORTS = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])respan(\/\w+)?\2/g;

/**
 * The source `given`, with imports of `respan` going to the copy in `dist`, where the app has none of its own; undefined where
 * there is nothing to do. An ES module import goes through no table that could be added to.
 */
export function withOwnName(given: unknown, url: string, dist: string): string | undefined {
  if (!url.startsWith('file:') || url.includes('/node_modules/') || !mentions(given)) return undefined;
  const source = sourceText(given);
  let isNeeded: boolean | undefined;
  let isChanged = false;
  const changed = source.replace(IMPORTS, (whole, keyword: string, quote: string, entry = '') => {
    const file = Object.hasOwn(OWN_ENTRIES, entry) ? OWN_ENTRIES[entry] : undefined;
    if (!file) return whole;
    isNeeded ??= !isInstalledFor(fileURLToPath(url));
    if (!isNeeded) return whole;
    isChanged = true;
    const extension = file === 'register' ? 'js' : 'node.mjs';
    return `${keyword}${quote}${pathToFileURL(join(dist, `${file}.${extension}`)).href}${quote}`;
  });
  return isChanged ? changed : undefined;
}

/** Looked for in every file of the app's: bytes are not decoded for it. */
function mentions(source: unknown): boolean {
  if (typeof source === 'string') return source.includes('respan');
  if (ArrayBuffer.isView(source)) {
    return Buffer.from(source.buffer, source.byteOffset, source.byteLength).includes('respan');
  }
  return sourceText(source).includes('respan');
}

/** Whether code in `file` finds a package `respan` of its own: installed, or the package it belongs to. */
export function isInstalledFor(file: string): boolean {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', 'respan', 'package.json'))) return true;
    if (nameOf(folder) === 'respan') return true;
    if (folder === dirname(folder)) return false;
  }
}

function nameOf(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}
