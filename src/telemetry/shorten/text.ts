import { isJson, jsonStrings } from './json-strings';

/** Texts beyond this are not looked into: it would take the app's time. */
const MAX_JSON = 16_000_000;
/** Leaves are not made shorter than this: rather, the lists they are in are. */
const SHORTEST_LEAF = 24;
/** Items of a list that are left, in several attempts. */
const ITEMS = [64, 16, 4, 1];

/** `text` in at most `limit` characters. JSON stays JSON: its longest strings are cut, and only then its lists. */
export function shortenText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  if (text.length > MAX_JSON || !isJson(text)) return cut(text, limit);
  const short = withShortLeaves(text, limit);
  if (short !== undefined) return short;
  const value: unknown = JSON.parse(text);
  for (const items of ITEMS) {
    const pruned = JSON.stringify(prune(value, items, 0));
    const fitting = pruned.length <= limit ? pruned : withShortLeaves(pruned, limit);
    if (fitting !== undefined) return fitting;
  }
  return limit >= 2 ? (text.trimStart().startsWith('[') ? '[]' : '{}') : '';
}

/** Never half of a pair of surrogates. */
export function cut(text: string, limit: number): string {
  const isPair = isHighSurrogate(text.charCodeAt(limit - 1));
  return text.slice(0, isPair ? limit - 1 : limit);
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** Undefined where strings are not what makes it long. */
function withShortLeaves(json: string, limit: number): string | undefined {
  const leaves = [...jsonStrings(json)].filter(({ isKey }) => !isKey);
  const lengths = leaves.map(({ start, end }) => end - start);
  const fixed = json.length - lengths.reduce((sum, length) => sum + length, 0);
  const level = levelFor(lengths, limit - fixed);
  if (level < SHORTEST_LEAF) return undefined;
  let short = '';
  let from = 0;
  for (const { start, end } of leaves) {
    if (end - start <= level) continue;
    short += json.slice(from, start) + shortLeaf(json, start, end, level);
    from = end;
  }
  return short + json.slice(from);
}

/** The length above which values are cut, so that all of them together take no more than `room`. */
export function levelFor(lengths: readonly number[], room: number): number {
  const ascending = [...lengths].sort((a, b) => a - b);
  let left = room;
  for (const [index, length] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (length > share) return share;
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}

const CUT = /… \[(\d+) more characters\]$/;
const LONGEST_CUT = 60;

function shortLeaf(json: string, start: number, end: number, level: number): string {
  // What was cut once already says by how much.
  const said = CUT.exec(json.slice(Math.max(start, end - LONGEST_CUT), end));
  const textEnd = end - (said?.[0].length ?? 0);
  const say = (missing: number) =>
    level >= 120 ? `… [${missing + Number(said?.[1] ?? 0)} more characters]` : '…';
  const kept = level - say(end - start).length;
  const to = wholeEscapes(json, start, Math.min(start + kept, textEnd));
  return json.slice(start, to) + say(textEnd - to);
}

/** The last place up to `limit` that is neither within an escape sequence nor within a pair of surrogates. */
function wholeEscapes(json: string, start: number, limit: number): number {
  // An escape sequence is six characters at most, two of them make a pair: what came before is none of our business.
  let at = Math.max(start, limit - 12);
  while (at > start && json[at - 1] === '\\') at -= 1;
  for (;;) {
    const length =
      json[at] === '\\' ? (json[at + 1] === 'u' ? 6 : 2) : isHighSurrogate(json.charCodeAt(at)) ? 2 : 1;
    if (at + length > limit) return at;
    at += length;
  }
}

const MAX_DEPTH = 12;

/** The first and the last items of lists, and the first properties. */
function prune(value: unknown, items: number, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '…';
  const inner = (item: unknown) => prune(item, items, depth + 1);
  if (Array.isArray(value)) {
    if (value.length <= items + 1) return value.map(inner);
    const head = Math.ceil(items / 2);
    const tail = items - head;
    return [
      ...value.slice(0, head).map(inner),
      `… [${value.length - items} more]`,
      ...value.slice(value.length - tail).map(inner),
    ];
  }
  const entries = Object.entries(value);
  const shown = entries.slice(0, Math.max(items, 4)).map(([name, item]) => [name, inner(item)]);
  if (entries.length > shown.length) shown.push(['…', `[${entries.length - shown.length} more]`]);
  return Object.fromEntries(shown);
}
