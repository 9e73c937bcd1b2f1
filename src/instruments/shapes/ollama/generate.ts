import { base64Bytes, blob } from '../../genai/media';
import { asDict, asString, type Dict } from '../../genai/read';
import type { ModelResponse, Part, StreamAccumulator, WireOperation } from '../../genai/types';
import { baseRequest, generationOf, imageParts } from './request';
import { generatedResponse } from './response';

/** POST /api/generate; a stream is one JSON object a line. */
export const generate: WireOperation = {
  spanSuffix: 'completion',
  request: (body, sender) => {
    const system = asString(body.system);
    const parts = promptParts(body);
    return {
      ...baseRequest('text_completion', body, sender),
      ...generationOf(body),
      system: system ? [{ type: 'text', content: system }] : undefined,
      messages: parts.length > 0 ? [{ role: 'user', parts }] : [],
    };
  },
  response: (answer) => generateResponse(asDict(answer) ?? {}),
  accumulator: () => new GenerateAccumulator(),
};

/** `context`, the tokens of the conversation so far, stays out: nobody can read it, and it is long. */
function promptParts(body: Dict): Part[] {
  const prompt = asString(body.prompt);
  const suffix = asString(body.suffix);
  return [
    ...(prompt ? [{ type: 'text', content: prompt }] : []),
    ...(suffix ? [{ type: 'suffix', content: suffix }] : []),
    ...imageParts(body.images),
  ];
}

function generateResponse(body: Dict): ModelResponse {
  const thinking = asString(body.thinking);
  const text = asString(body.response);
  const image = asString(body.image);
  return generatedResponse(body, 'assistant', [
    ...(thinking ? [{ type: 'reasoning', content: thinking }] : []),
    ...(text ? [{ type: 'text', content: text }] : []),
    ...(image ? [blob(undefined, base64Bytes(image), 'image')] : []),
  ]);
}

class GenerateAccumulator implements StreamAccumulator<unknown> {
  #last: Dict = {};
  #text = '';
  #thinking = '';

  add(chunk: unknown): void {
    const event = asDict(chunk);
    if (!event) return;
    this.#last = { ...this.#last, ...event };
    this.#text += asString(event.response) ?? '';
    this.#thinking += asString(event.thinking) ?? '';
  }

  response(): ModelResponse {
    return generateResponse({ ...this.#last, response: this.#text, thinking: this.#thinking });
  }
}
