/**
 * Whether a line of a stack may be there with respan and not without, or the other way round: Node's own frames below (AsyncLocalStorage, which
 * phase of the loop it was), and frames of ours below an error that is thrown while the SDK's method runs.
 */
export function mayDiffer(line: string): boolean {
  return (
    /node:(internal\/(async|process|timers)|async_hooks)/.test(line) ||
    /\/dist\/(kit|model-calls|database|telemetry|before-tracing|entity|http-api|instrument-[\w-]+)\.js/.test(
      line,
    )
  );
}
