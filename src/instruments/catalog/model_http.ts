import type { CatalogRow } from './row';

export const model_http: CatalogRow = {
  id: 'model_http',
  title: 'model APIs without a client library',
  aliases: ['http_net'],
  category: 'model',
  httpPaths:
    /\/(?:chat\/completions|completions|responses|embeddings|messages|rerank|api\/(?:chat|generate|embed)|v[12]\/(?:chat|embed|generate))$|\/models\/[^/]+:\w*(?:[gG]enerateContent|[eE]mbedContents?|[pP]redict)|\/model\/[^/]+\/(?:converse|invoke)/
      .source,
  chunk: 'instrument-model_http',
};
