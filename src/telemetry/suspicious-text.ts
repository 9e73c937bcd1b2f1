/** As long as this, letters without a blank between them are hardly words. */
const RUN = 1_000;

function isBase64(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 43 ||
    code === 47 ||
    code === 45 ||
    code === 95
  );
}

/** The next stretch of text that could be bytes in base64. Looks at a handful of every thousand characters. */
export function longRunFrom(text: string, from: number): { start: number; end: number } | undefined {
  for (let at = from + RUN - 1; at < text.length; at += RUN) {
    if (!isBase64(text.charCodeAt(at))) continue;
    let start = at;
    while (start > from && isBase64(text.charCodeAt(start - 1))) start -= 1;
    let end = at + 1;
    while (end < text.length && isBase64(text.charCodeAt(end))) end += 1;
    if (end - start >= RUN) {
      while (text[end] === '=') end += 1;
      return { start, end };
    }
    at = end - 1;
  }
  return undefined;
}

/** Whether bytes may stand in `text`, or what is no Unicode, so that somebody has to look closer. */
export function isSuspicious(text: string): boolean {
  if (text.length > 100 && text.includes(';base64,')) return true;
  if (text.length >= RUN && longRunFrom(text, 0) !== undefined) return true;
  return !isWellFormed(text);
}

function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}

/** Without halves of surrogate pairs, which is no Unicode: databases refuse them, and with them the whole batch. */
export function wellFormed(text: string): string {
  return (text as unknown as { toWellFormed(): string }).toWellFormed();
}
