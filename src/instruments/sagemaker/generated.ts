import { ATTR } from '../genai/attributes';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from '../genai/read';
import type { Message, ModelResponse, Part, StreamAccumulator, Usage } from '../genai/types';
import { chat } from '../shapes/openai/chat';
import { textCompletions } from '../shapes/openai/other-operations';

/**
 * Answers of text generation containers: `generated_text` (TGI, DJL), `generation` (JumpStart's Llama),
 * `generated_texts` (JumpStart), vectors of embedding containers. Undefined for anything else.
 */
export function generatedResponse(answer: unknown): ModelResponse | undefined {
  const [first] = asArray(answer) ?? [];
  const dimensions = dimensionsOf(answer);
  // The request looks the same, whatever the model makes of it.
  if (dimensions !== undefined) return { dimensions, extra: { [ATTR.operationName]: 'embeddings' } };
  const results = asDicts(Array.isArray(answer) ? (Array.isArray(first) ? first : answer) : [answer]);
  const messages = results.flatMap(messageOf);
  if (messages.length === 0) return undefined;
  return {
    messages,
    finishReasons: messages.map(({ finish_reason }) => finish_reason ?? ''),
    usage: usageOf(results),
  };
}

function messageOf(result: Dict): Message[] {
  const reason = asString(asDict(result.details)?.finish_reason);
  const answered = (parts: Part[], role = 'assistant'): Message => ({
    role,
    parts,
    ...(reason && { finish_reason: reason }),
  });
  const dialog = asDict(result.generation);
  if (dialog) {
    return [answered([{ type: 'text', content: asString(dialog.content) ?? '' }], asString(dialog.role))];
  }
  const one = asString(result.generated_text) ?? asString(result.generation);
  const texts = one === undefined ? (asArray(result.generated_texts) ?? []) : [one];
  return texts.map((text) => answered([{ type: 'text', content: asString(text) ?? '' }]));
}

function usageOf(results: Dict[]): Usage | undefined {
  const details = results.map((result) => asDict(result.details)).filter((found) => found !== undefined);
  const generated = details.map(({ generated_tokens }) => asNumber(generated_tokens));
  const counted = generated.filter((count) => count !== undefined);
  const input = asNumber(details[0]?.input_length) ?? (asArray(details[0]?.prefill)?.length || undefined);
  if (input === undefined && counted.length === 0) return undefined;
  return { input, ...(counted.length > 0 && { output: counted.reduce((sum, count) => sum + count, 0) }) };
}

function dimensionsOf(answer: unknown): number | undefined {
  let vector: unknown = asDict(answer)?.embedding ?? answer;
  for (let depth = 0; depth < 4 && Array.isArray(vector); depth++) {
    if (typeof vector[0] === 'number') return vector.length;
    [vector] = vector;
  }
  return undefined;
}

/** Chunks of a stream, told by their looks: OpenAI's, or tokens one by one. */
export class GenerationAccumulator implements StreamAccumulator<unknown> {
  #openai: StreamAccumulator<unknown> | undefined;
  #text = '';
  #whole: Dict | undefined;

  add(chunk: unknown): void {
    const body = asDict(Array.isArray(chunk) ? chunk[0] : chunk);
    if (!body) return;
    const choices = asArray(body.choices);
    if (choices) {
      const isText = typeof asDict(choices[0])?.text === 'string';
      this.#openai ??= (isText ? textCompletions : chat).accumulator!();
      this.#openai.add(body);
      return;
    }
    const { token, generated_text, details } = body;
    const { text, special } = asDict(token) ?? {};
    if (special !== true) this.#text += asString(text) ?? '';
    const pieces = asArray(body.outputs) ?? asArray(body.generated_texts) ?? [body.generation];
    this.#text += asString(pieces[0]) ?? '';
    if (typeof generated_text === 'string' || asDict(details)) this.#whole = body;
  }

  response(): ModelResponse {
    if (this.#openai) return { ...this.#openai.response(), extra: {} };
    const text = asString(this.#whole?.generated_text) ?? this.#text;
    if (!text && !this.#whole) return {};
    return generatedResponse({ ...this.#whole, generated_text: text }) ?? {};
  }
}
