import { asDict, asNumber, asString, type Dict } from '../genai/read';
import type { ModelResponse, StreamAccumulator } from '../genai/types';

/**
 * LlamaIndex hands on what the vendor answered as `raw`: id, model, finish reasons and usage are nowhere else. Vendors
 * are told apart by fields that only one of them has.
 */
export function rawResponse(raw: unknown): ModelResponse {
  const body = asDict(raw);
  if (!body) return {};
  const { messages: _, extra: __, ...known } = responseOf(body);
  return known;
}

function responseOf(body: Dict): ModelResponse {
  if (Array.isArray(body.choices)) return openai().chat.response(body);
  if (body.object === 'response') return openaiResponses().responses.response(body);
  if (body.type === 'message') return anthropic().messages.response(body);
  if (Array.isArray(body.candidates) || asDict(body.usageMetadata)) return gemini().generateResponse(body);
  if (asNumber(body.eval_count) === undefined) return {};
  return {
    model: asString(body.model),
    usage: { input: asNumber(body.prompt_eval_count), output: asNumber(body.eval_count) },
  };
}

const openai = () => require('../shapes/openai/chat') as typeof import('../shapes/openai/chat');
const openaiResponses = () =>
  require('../shapes/openai/responses') as typeof import('../shapes/openai/responses');
const anthropic = () =>
  require('../shapes/anthropic/operations') as typeof import('../shapes/anthropic/operations');
const gemini = () => require('../shapes/gemini/response') as typeof import('../shapes/gemini/response');

/** The same, from the chunks of a stream. */
export class RawStream {
  #chunks: StreamAccumulator<unknown> | undefined;
  #known: ModelResponse = {};

  add(raw: unknown): void {
    const chunk = asDict(raw);
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
  if (Array.isArray(choices)) return openai().chat.accumulator?.();
  if (typeof type !== 'string') return undefined;
  if (type.startsWith('response.')) return openaiResponses().responses.accumulator?.();
  if (/^(message|content_block)_/.test(type)) return anthropic().messages.accumulator?.();
  return undefined;
}

const present = (response: ModelResponse): ModelResponse =>
  Object.fromEntries(Object.entries(response).filter(([, value]) => value !== undefined));
