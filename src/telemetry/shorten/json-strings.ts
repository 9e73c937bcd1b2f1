/** What is in a JSON text, string by string, without building its value: what is not a string stays as it was written. */
export interface JsonString {
  /** The first character, after the quote. */
  start: number;
  /** The quote behind it. */
  end: number;
  /** The name of a property. */
  isKey: boolean;
}

const QUOTE = '"';
const BACKSLASH = 92;
const COLON = 58;

export function* jsonStrings(json: string): Generator<JsonString> {
  for (let at = json.indexOf(QUOTE); at >= 0; ) {
    const end = endOfString(json, at + 1);
    if (end < 0) return;
    let next = end + 1;
    while (json.charCodeAt(next) <= 32) next += 1;
    yield { start: at + 1, end, isKey: json.charCodeAt(next) === COLON };
    at = json.indexOf(QUOTE, end + 1);
  }
}

function endOfString(json: string, from: number): number {
  for (let at = json.indexOf(QUOTE, from); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** Whether a text is JSON of a list or an object, as attributes with structure are. */
export function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a string of JSON says. */
export function decoded(raw: string): string {
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}
