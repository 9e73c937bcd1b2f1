import { asDict, asString, type Dict } from '../genai/read';
import { messageType } from './messages';
import { ChunkAccumulator } from './model-response';

const MAX_CHUNKS = 10_000;

/** What is kept of a stream, to say at its end what came. */
export class Chunks {
  readonly #kept: unknown[] = [];
  readonly #isKept: boolean;

  constructor(isKept: boolean) {
    this.#isKept = isKept;
  }

  add(chunk: unknown): void {
    if (this.#isKept && this.#kept.length < MAX_CHUNKS) this.#kept.push(chunk);
  }

  read(as: (chunks: readonly unknown[]) => unknown): unknown {
    return this.#kept.length > 0 ? as(this.#kept) : undefined;
  }
}

/** Chunks of a chain's stream, put together for people to read. */
export function combined(chunks: readonly unknown[]): unknown {
  if (chunks.length <= 1) return chunks[0];
  if (chunks.every((chunk) => typeof chunk === 'string')) return chunks.join('');
  if (chunks.every(isMessage)) return combinedMessage(chunks);
  if (chunks.every(isPlain)) return combinedDict(chunks);
  return chunks;
}

/** Parsers of JSON give all that they have each time. */
export const lastOf = (chunks: readonly unknown[]): unknown => chunks.at(-1);

const isMessage = (chunk: unknown): boolean =>
  typeof chunk === 'object' && chunk !== null && messageType(chunk) !== undefined;

const isPlain = (chunk: unknown): chunk is Dict => {
  const dict = asDict(chunk);
  return dict !== undefined && Object.getPrototypeOf(dict) === Object.prototype;
};

function combinedMessage(chunks: readonly unknown[]): Dict {
  const accumulator = new ChunkAccumulator();
  for (const chunk of chunks) accumulator.add(chunk);
  const [{ parts = [] } = {}] = accumulator.response().messages ?? [];
  const calls = parts.filter(({ type }) => type === 'tool_call');
  const content = parts.filter(({ type }) => type !== 'tool_call');
  const [only] = content;
  const isText = content.length === 1 && only?.type === 'text';
  return {
    role: 'assistant',
    content: isText ? asString((only as Dict).content) : content,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** Maps stream each of their branches by itself. */
function combinedDict(chunks: readonly Dict[]): Dict {
  const parts = new Map<string, unknown[]>();
  for (const chunk of chunks)
    for (const [name, value] of Object.entries(chunk)) {
      const values = parts.get(name);
      if (values) values.push(value);
      else parts.set(name, [value]);
    }
  return Object.fromEntries([...parts].map(([name, values]) => [name, combined(values)]));
}
