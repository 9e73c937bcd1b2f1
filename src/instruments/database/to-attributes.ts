import { ATTR } from '../genai/attributes';
import { type Attributes, put, putAll } from '../genai/put';
import { DB } from './attributes';
import { readableText } from './readable';
import { type DatabaseRequest, type DatabaseResponse, type DatabaseResult, MAX_RESULTS } from './types';

/** Span attributes of a request; `content: false` leaves out everything that comes from a user or a document. */
export function databaseRequestAttributes(request: DatabaseRequest, content: boolean): Attributes {
  const attributes: Attributes = {};
  put(attributes, DB.collection, request.collection);
  put(attributes, DB.namespace, request.namespace);
  put(attributes, ATTR.serverAddress, request.serverAddress);
  put(attributes, ATTR.serverPort, request.serverPort);
  put(attributes, DB.dimensions, request.dimensions);
  // By the conventions a batch of one is none.
  put(attributes, DB.batchSize, request.batchSize === 1 ? undefined : request.batchSize);
  put(attributes, DB.topK, request.topK);
  put(attributes, DB.addCount, request.addCount);
  put(attributes, DB.updateCount, request.updateCount);
  put(attributes, DB.deleteCount, request.deleteCount);
  put(attributes, DB.getCount, request.getCount);
  putAll(attributes, request.extra);
  if (content) {
    put(attributes, DB.queryText, readableText(oneOrMore(request.queryText)));
    put(attributes, DB.filter, readableText(request.filter));
    put(attributes, DB.ids, readableText(request.ids));
    putReadable(attributes, request.content);
  }
  return attributes;
}

export function databaseResponseAttributes(response: DatabaseResponse, content: boolean): Attributes {
  const attributes: Attributes = {};
  put(attributes, DB.returnedRows, response.resultCount ?? response.results?.length);
  put(attributes, DB.count, response.count);
  put(attributes, DB.addCount, response.addCount);
  put(attributes, DB.updateCount, response.updateCount);
  put(attributes, DB.deleteCount, response.deleteCount);
  put(attributes, DB.statusCode, response.statusCode === undefined ? undefined : String(response.statusCode));
  putAll(attributes, response.extra);
  if (content) putReadable(attributes, response.content);
  return attributes;
}

/** One event a result; without content, those that have a score tell only that. */
export function resultEvents({ results = [] }: DatabaseResponse, content: boolean): Attributes[] {
  const several = results.some(({ query }) => query !== undefined && query > 0);
  return results
    .slice(0, MAX_RESULTS)
    .map((result) => eventAttributes(result, several, content))
    .filter((attributes) => content || Object.keys(attributes).length > 0);
}

function eventAttributes(result: DatabaseResult, several: boolean, content: boolean): Attributes {
  const attributes: Attributes = {};
  if (several) put(attributes, DB.resultQuery, result.query);
  put(attributes, DB.resultScore, asMeasure(result.score));
  put(attributes, DB.resultDistance, asMeasure(result.distance));
  if (content) {
    put(attributes, DB.resultId, readableText(result.id));
    put(attributes, DB.resultDocument, readableText(result.document));
    put(attributes, DB.resultMetadata, readableText(result.metadata));
  }
  return attributes;
}

function oneOrMore(texts: DatabaseRequest['queryText']): string | string[] | undefined {
  if (!Array.isArray(texts)) return texts;
  return texts.length > 1 ? texts : texts[0];
}

const asMeasure = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function putReadable(attributes: Attributes, values: DatabaseRequest['content']): void {
  for (const name in values) put(attributes, name, readableText(values[name]));
}
