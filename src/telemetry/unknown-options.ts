import { log } from '../config/log';
import { unknownOption } from '../config/nearest';

/** Options that were looked at: those of a function come again with every call. */
const seen = new WeakSet<object>();

/** Left out without a word, a filter that is spelled wrong would let everything through. */
export function warnOfUnknown(what: string, options: object, known: readonly string[]): void {
  if (seen.has(options)) return;
  seen.add(options);
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) log.once('warn', unknownOption(what, key, known));
  }
}
