/** -1, 0 or 1. A pre-release counts as the release it leads to, which is what its files look like. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function numbers(version: string): number[] {
  const [release = ''] = version.split(/[-+]/);
  return release.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

export function isTested(version: string | undefined, range: { from: string; below: string }): boolean {
  if (!version) return false;
  return compareVersions(version, range.from) >= 0 && compareVersions(version, range.below) < 0;
}
