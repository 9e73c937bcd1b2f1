import { asDict, asDicts, asNumber, asString, asStrings } from '../../genai/read';
import type { Part, WireOperation } from '../../genai/types';
import { baseRequest } from './base';

/** Cohere's and Amazon's rerank models. */
export const rerank: WireOperation = {
  spanSuffix: 'rerank',
  request: (body, sender) => ({
    ...baseRequest('rerank', asString(body.modelId), sender),
    topK: asNumber(body.top_n),
    messages: [
      { role: 'user', parts: [{ type: 'text', content: asString(body.query) ?? '' }] },
      ...documentsOf(body.documents).map((part) => ({ role: 'document', parts: [part] })),
    ],
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const parts = asDicts(body.results).map(({ index, relevance_score }) => ({
      type: 'rerank',
      index,
      relevance_score,
    }));
    return {
      id: asString(body.id),
      messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
    };
  },
};

function documentsOf(documents: unknown): Part[] {
  const texts = asStrings(documents);
  if (texts) return texts.map((content) => ({ type: 'text', content }));
  return asDicts(documents).map((document) =>
    typeof document.text === 'string'
      ? { type: 'text', content: document.text }
      : { type: 'document', document },
  );
}
