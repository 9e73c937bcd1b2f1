import { closeSync, openSync, readSync, statSync } from 'fs';
import { isAbsolute, relative } from 'path';
import { StringDecoder } from 'string_decoder';
import { COLORS, NO_COLORS, wantsColors } from '../../viewer/colors';
import { createTraceTree, type TraceTree } from '../../viewer/trace-tree';
import { say } from '../say';

/** Of a longer file only the end is read: nobody reads that much in a terminal. */
const MAX_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Prints the traces that a run left in its file, on stderr. */
export function printReport(file: string): void {
  const colors = wantsColors(process.env, process.stderr.isTTY) ? COLORS : NO_COLORS;
  const tree = createTraceTree({ colors });
  let read: { skippedBytes: number; brokenLines: number };
  try {
    read = readInto(tree, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      say(`${shown(file)} cannot be read: ${(error as Error).message}`);
      return;
    }
    read = { skippedBytes: 0, brokenLines: 0 };
  }
  if (tree.isEmpty()) {
    say('no spans were recorded; run it with --log-level debug to see which libraries were found and traced');
    return;
  }
  process.stderr.write(`\n${tree.lines().join('\n')}\n\n`);
  say(tree.summary());
  if (read.skippedBytes > 0) say(`that is the last ${MAX_BYTES >> 20} MB of the file`);
  if (read.brokenLines > 0) say(`${read.brokenLines} lines of the file are incomplete`);
  say(shown(file));
}

function readInto(tree: TraceTree, file: string): { skippedBytes: number; brokenLines: number } {
  const skippedBytes = Math.max(0, statSync(file).size - MAX_BYTES);
  const descriptor = openSync(file, 'r');
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let position = skippedBytes;
  let pending = '';
  let brokenLines = 0;
  // The first line of a file that is read from its middle is cut off.
  let isCutOff = skippedBytes > 0;
  const take = (line: string): void => {
    if (line !== '' && !isCutOff && !tree.add(line)) brokenLines += 1;
    isCutOff = false;
  };
  try {
    for (let bytes: number; (bytes = readSync(descriptor, chunk, 0, chunk.length, position)) > 0; ) {
      position += bytes;
      const lines = (pending + decoder.write(chunk.subarray(0, bytes))).split('\n');
      pending = lines.pop() ?? '';
      lines.forEach(take);
    }
    take(pending);
  } finally {
    closeSync(descriptor);
  }
  return { skippedBytes, brokenLines };
}

/** Relative where that is shorter to read. */
function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}
