/** One line of the command line's own, on stderr: stdout belongs to the command that is run. */
export function say(message: string): void {
  process.stderr.write(`respan: ${message}\n`);
}
