/** By which a package is recognised that is installed under another name (`npm i x@npm:openai@4`). */
export interface TellingPaths {
  /** Paths of files, to the packages that have such a file. */
  files: Record<string, string[]>;
  /** Where those lie. */
  folders: string[];
}

/** `packages`: the files of each. */
export function tellingPathsOf(packages: Record<string, object>): TellingPaths {
  const files = new Map<string, string[]>();
  for (const [name, own] of Object.entries(packages)) {
    for (const path of Object.keys(own).filter(isTelling))
      files.set(path, [...(files.get(path) ?? []), name]);
  }
  const folders = new Set([...files.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))));
  return { files: Object.fromEntries(files), folders: [...folders] };
}

/**
 * Whether a path alone is reason enough to look whose it is. Half of all packages have a `dist/index` or a
 * `lib/stream`: for those, every module of the app would be looked at twice.
 */
function isTelling(path: string): boolean {
  return path.includes('/') && !path.endsWith('/index') && !/^(dist|lib)\/(shared\/)?[^/]+$/.test(path);
}
