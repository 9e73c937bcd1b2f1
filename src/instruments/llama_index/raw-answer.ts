import { asDict, asDicts, asNumber, asString, type Dict } from '../genai/read';
import type { ModelResponse, StreamAccumulator } from '../genai/types';
import { messages } from '../shapes/anthropic/operations';
import { generateResponse } from '../shapes/gemini/response';
import { toWire } from '../shapes/mistral/wire';
import { chat } from '../shapes/openai/chat';
import { responses } from '../shapes/openai/responses';

/**
 * LlamaIndex hands on what the vendor answered as `raw`: id, model, finish reasons and usage are nowhere else. Vendors
 * are told apart by fields that only one of them has.
 */
export function rawResponse(raw: unknown): ModelResponse {
  const body = bodyOf(raw);
  if (!body) return {};
  const { messages: _, extra: __, ...known } = responseOf(body);
  return known;
}

/** As the vendor's API has it: the client of Mistral has names of its own. */
function bodyOf(raw: unknown): Dict | undefined {
  const body = asDict(raw);
  const [choice] = asDicts(body?.choices);
  return choice && 'finishReason' in choice ? asDict(toWire(body)) : body;
}

function responseOf(body: Dict): ModelResponse {
  if (Array.isArray(body.choices)) return chat.response(body);
  if (body.object === 'response') return responses.response(body);
  if (body.type === 'message') return messages.response(body);
  if (Array.isArray(body.candidates) || asDict(body.usageMetadata)) return generateResponse(body);
  if (asNumber(body.eval_count) === undefined) return {};
  return {
    model: asString(body.model),
    usage: { input: asNumber(body.prompt_eval_count), output: asNumber(body.eval_count) },
  };
}

/** The same, from the chunks of a stream. */
export class RawStream {
  #chunks: StreamAccumulator<unknown> | undefined;
  #known: ModelResponse = {};

  add(raw: unknown): void {
    const chunk = bodyOf(raw);
    if (!chunk) return;
    this.#chunks ??= accumulatorOf(chunk);
    if (this.#chunks) this.#chunks.add(chunk);
    // Of other vendors each chunk says what is known so far.
    else this.#known = { ...this.#known, ...present(rawResponse(chunk)) };
  }

  response(): ModelResponse {
    if (!this.#chunks) return this.#known;
    const { messages: _, extra: __, ...known } = this.#chunks.response();
    return known;
  }
}

function accumulatorOf({ choices, type }: Dict): StreamAccumulator<unknown> | undefined {
  if (Array.isArray(choices)) return chat.accumulator?.();
  if (typeof type !== 'string') return undefined;
  if (type.startsWith('response.')) return responses.accumulator?.();
  if (/^(message|content_block)_/.test(type)) return messages.accumulator?.();
  return undefined;
}

const present = (response: ModelResponse): ModelResponse =>
  Object.fromEntries(Object.entries(response).filter(([, value]) => value !== undefined));
