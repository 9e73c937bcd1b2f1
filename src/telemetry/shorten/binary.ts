import { base64Bytes } from '../data-url';
import { longRunFrom } from '../suspicious-text';

const DATA_URL = /data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.+-]+)*?;base64,([A-Za-z0-9+/_-]{64,}={0,2})/g;

/** `text` with type and size in the place of bytes. What stands there has no quotes: JSON stays JSON. */
export function withoutBinary(text: string): string {
  const withoutUrls = text.includes(';base64,')
    ? text.replace(DATA_URL, (_, mime: string | undefined, data: string) => placeholder(mime ?? 'data', data))
    : text;
  let short = '';
  let from = 0;
  for (;;) {
    const run = longRunFrom(withoutUrls, from);
    if (!run) break;
    const data = withoutUrls.slice(run.start, run.end);
    short += withoutUrls.slice(from, run.start) + (looksEncoded(data) ? placeholder('base64', data) : data);
    from = run.end;
  }
  return from === 0 ? withoutUrls : short + withoutUrls.slice(from);
}

const placeholder = (what: string, data: string): string => `[${what}, ${base64Bytes(data)} bytes]`;

/** Bytes in base64 have all kinds of letters from the start; a word that somebody repeats does not. */
function looksEncoded(data: string): boolean {
  const head = data.slice(0, 512);
  return /[A-Z]/.test(head) && /[a-z]/.test(head) && /\d/.test(head) && new Set(head).size >= 24;
}
