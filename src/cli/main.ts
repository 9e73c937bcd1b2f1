/** The command line: arguments in, exit code out. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stderr.write(`respan: the command line is not built yet (${argv.join(' ')})\n`);
  return 1;
}
