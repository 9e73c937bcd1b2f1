import { asDict, asDicts, asNumber, asString, type Dict } from '../../genai/read';
import type { ModelResponse, StreamAccumulator } from '../../genai/types';
import { ChatAccumulator } from '../openai/chat';

/**
 * A chunk is an event, `{ id, event, data }`, or one line of its text: `data: {…}`. Answers with the data, where the
 * chunk has any.
 */
export function dataOf(chunk: unknown): Dict | undefined {
  if (typeof chunk !== 'string') return asDict(asDict(chunk)?.data);
  const line = /^data: ?(\{.*)$/s.exec(chunk.trimEnd());
  if (!line) return undefined;
  try {
    return asDict(JSON.parse(line[1]!));
  } catch {
    return undefined;
  }
}

export class ChatEvents implements StreamAccumulator<unknown> {
  readonly #chat = new ChatAccumulator();

  add(chunk: unknown): void {
    const data = dataOf(chunk);
    if (data) this.#chat.add({ ...data, model: data.model ?? data.model_id });
  }

  response(): ModelResponse {
    return this.#chat.response();
  }
}

/** Each event has the text that is new, and counts of all that came until then. */
export class GenerationEvents implements StreamAccumulator<unknown> {
  readonly #results: Dict[] = [];
  readonly #map: (answer: unknown) => ModelResponse;
  #model: unknown;

  constructor(map: (answer: unknown) => ModelResponse) {
    this.#map = map;
  }

  add(chunk: unknown): void {
    const data = dataOf(chunk);
    if (!data) return;
    this.#model = data.model_id ?? this.#model;
    asDicts(data.results).forEach((result, index) => {
      const known = (this.#results[index] ??= {});
      known.generated_text = `${asString(known.generated_text) ?? ''}${asString(result.generated_text) ?? ''}`;
      known.stop_reason = result.stop_reason ?? known.stop_reason;
      // Only the first event counts the input; the others say 0.
      for (const name of ['input_token_count', 'generated_token_count']) {
        known[name] = larger(asNumber(known[name]), asNumber(result[name]));
      }
    });
  }

  response(): ModelResponse {
    return this.#map({ model_id: this.#model, results: this.#results });
  }
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
