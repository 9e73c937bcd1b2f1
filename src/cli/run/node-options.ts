/**
 * NODE_OPTIONS as Node's own parser reads it: spaces separate, double quotes group, and inside of them (only
 * there) a backslash makes the next character literal.
 */

/** The words of NODE_OPTIONS, or undefined where Node would refuse it. */
export function parseNodeOptions(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    let char = text[i] as string;
    if (char === '"') {
      quoted = !quoted;
      word ??= '';
      continue;
    }
    if (char === ' ' && !quoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    if (char === '\\' && quoted) {
      i += 1;
      if (i === text.length) return undefined;
      char = text[i] as string;
    }
    word = (word ?? '') + char;
  }
  if (quoted) return undefined;
  return word === undefined ? words : [...words, word];
}

/** `text` with a preload of `register` at its end, and unchanged where it has one, or is not readable. */
export function withPreload(text: string | undefined, register: string): string {
  const options = text?.trim() ?? '';
  const words = parseNodeOptions(options);
  // Node will complain about it; appending a quote could turn it into something else.
  if (!words) return options;
  const isPreloaded = words.some(
    (word, i) =>
      (word === register && /^(-r|--require|--import)$/.test(words[i - 1] ?? '')) ||
      word === `--require=${register}`,
  );
  if (isPreloaded) return options;
  const preload = `--require "${register.replace(/[\\"]/g, '\\$&')}"`;
  return options ? `${options} ${preload}` : preload;
}
