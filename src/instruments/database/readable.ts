/**
 * Text of what an app gives a vector store or gets from it, for people to read: of bounded length, made with bounded
 * work, and without the vectors in it.
 */
const MAX_LENGTH = 4096;
/** Values that are looked at before the rest is left out: a filter may list a million ids. */
const MAX_VALUES = 1000;
const MAX_DEPTH = 16;
/** Longer lists of numbers are taken for vectors whatever they are called. */
const MAX_NUMBERS = 16;

/** Names under which stores, and apps in their metadata, keep vectors. */
const VECTOR_NAME =
  /^(|.*[-_.])(vectors?|values|embeddings?|dense_?vectors?|sparse_?(vectors?|values)|near_?vector)$/i;

export function readableText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const state = { left: MAX_VALUES, inVector: false };
  if (typeof value === 'string') return shortened(value);
  const text = JSON.stringify(readableValue(value, state, 0));
  return text === undefined ? undefined : shortened(text);
}

/** What a vector is known by: its length. Of a sparse one, the number of values that it has. */
export function dimensionsOf(vector: unknown): number | undefined {
  if (Array.isArray(vector)) {
    // A list of vectors: the length of the first.
    return typeof vector[0] === 'object' && vector[0] !== null ? dimensionsOf(vector[0]) : vector.length;
  }
  if (ArrayBuffer.isView(vector)) return (vector as Float32Array).length;
  return undefined;
}

interface State {
  left: number;
  /** Below a name that says so every list of numbers is one: named vectors, sparse ones. */
  inVector: boolean;
}

function readableValue(value: unknown, state: State, depth: number): unknown {
  state.left -= 1;
  switch (typeof value) {
    case 'string':
      return shortened(value);
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case 'object':
      return value === null ? null : readableObject(value, state, depth);
    case 'function':
    case 'symbol':
    case 'undefined':
      return undefined;
    default:
      return value;
  }
}

function readableObject(value: object, state: State, depth: number): unknown {
  if (depth >= MAX_DEPTH) return '…';
  if (value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (ArrayBuffer.isView(value)) return `[${dimensionsOf(value) ?? value.byteLength} numbers]`;
  try {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return readableValue(toJSON.call(value), state, depth + 1);
    if (Array.isArray(value)) return readableList(value, state, depth);
    if (value instanceof Set) return readableList([...value], state, depth);
    if (value instanceof Map) return readableEntries(value.entries(), state, depth);
    return readableEntries(entriesOf(value), state, depth);
  } catch {
    return '[unreadable]';
  }
}

/** Without a list of all of them: there may be very many. */
function* entriesOf(value: object): Iterable<[string, unknown]> {
  for (const key in value)
    if (Object.hasOwn(value, key)) yield [key, (value as Record<string, unknown>)[key]];
}

function readableEntries(entries: Iterable<[unknown, unknown]>, state: State, depth: number): unknown {
  const result: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    if (state.left <= 0) {
      result['…'] = '…';
      break;
    }
    const name = String(key);
    const { inVector } = state;
    state.inVector ||= VECTOR_NAME.test(name);
    result[name] = readableValue(item, state, depth + 1);
    state.inVector = inVector;
  }
  return result;
}

function readableList(list: unknown[], state: State, depth: number): unknown {
  if ((state.inVector || list.length > MAX_NUMBERS) && isNumbers(list)) return `[${list.length} numbers]`;
  const result: unknown[] = [];
  for (const item of list) {
    if (state.left <= 0) {
      result.push('…');
      break;
    }
    result.push(readableValue(item, state, depth + 1) ?? null);
  }
  return result;
}

/** The first ones tell: a vector is nothing but numbers. */
const isNumbers = (list: unknown[]): boolean =>
  list.length > 0 && list.slice(0, MAX_NUMBERS).every((item) => typeof item === 'number');

const shortened = (text: string): string =>
  text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
