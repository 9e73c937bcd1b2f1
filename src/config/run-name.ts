/** The name of a run's trace file, which sorts by time: `2026-11-22T10-37-05-123Z-4711`. */
export function runName(now: Date, pid: number): string {
  return `${now.toISOString().replace(/[:.]/g, '-')}-${pid}`;
}
