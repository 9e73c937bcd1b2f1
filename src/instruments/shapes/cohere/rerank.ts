import { ATTR } from '../../genai/attributes';
import { asArray, asDict, asDicts, asNumber, asString } from '../../genai/read';
import type { Message, Part, WireOperation } from '../../genai/types';
import { documentPart } from './content';
import { field } from './field';
import { baseRequest, textPart } from './request';
import { usageOf } from './usage';

/** A thousand documents may come back ranked; those at the end tell nothing. */
const MAX_RESULTS = 100;

/** `/v1/rerank` and `/v2/rerank`, which others offer under the same names: a query, and documents in an order. */
export const rerank: WireOperation = {
  spanSuffix: 'rerank',
  request: (body, sender) => {
    const documents = asArray(body.documents);
    return {
      ...baseRequest('rerank', body, sender),
      messages: rankedMessages(body.query, documents ?? []),
      extra: {
        [ATTR.documentCount]: documents?.length,
        [ATTR.retrievalTopK]: asNumber(field(body, 'top_n')),
      },
    };
  },
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const parts = asDicts(body.results)
      .slice(0, MAX_RESULTS)
      .map(
        (result): Part => ({
          type: 'rerank_result',
          index: result.index,
          relevance_score: field(result, 'relevance_score'),
          ...(result.document !== undefined && { document: documentPart(result.document) }),
        }),
      );
    return {
      id: asString(body.id),
      messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
      ...usageOf(body.meta),
    };
  },
};

function rankedMessages(query: unknown, documents: unknown[]): Message[] {
  const parts = [...(typeof query === 'string' ? [textPart(query)] : []), ...documents.map(documentPart)];
  return parts.length > 0 ? [{ role: 'user', parts }] : [];
}
