import { asArray, asDict, asNumber, asString, asStrings } from '../../genai/read';
import type { Message, WireOperation } from '../../genai/types';
import { baseRequest } from './request';
import { usageOf } from './response';

/** POST /api/embed. */
export const embed: WireOperation = {
  spanSuffix: 'embeddings',
  request: (body, sender) => ({
    ...baseRequest('embeddings', body, sender),
    dimensions: asNumber(body.dimensions),
    messages: inputs(body.input),
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    return {
      model: asString(body.model),
      dimensions: asArray(asArray(body.embeddings)?.[0])?.length,
      usage: usageOf(body),
    };
  },
};

/** POST /api/embeddings, the older one: one prompt, one vector, no counts. */
export const embeddings: WireOperation = {
  spanSuffix: 'embeddings',
  request: (body, sender) => ({
    ...baseRequest('embeddings', body, sender),
    messages: inputs(body.prompt),
  }),
  response: (answer) => ({ dimensions: asArray(asDict(answer)?.embedding)?.length || undefined }),
};

function inputs(given: unknown): Message[] {
  return (asStrings(given) ?? []).map((content) => ({ role: 'user', parts: [{ type: 'text', content }] }));
}
