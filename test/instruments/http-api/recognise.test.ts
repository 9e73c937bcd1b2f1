import { describe, expect, it } from 'vitest';
import { instrument as alephalpha } from '../../../src/instruments/alephalpha';
import { catalog } from '../../../src/instruments/catalog';
import { instrument as crew } from '../../../src/instruments/crew';
import { instrument as haystack } from '../../../src/instruments/haystack';
import { candidatesFor, chosen, type ModelHosts } from '../../../src/instruments/http-api/recognise';
import type { HttpRequest } from '../../../src/instruments/http-api/types';
import { instrument as marqo } from '../../../src/instruments/marqo';
import { instrument as modelHttp } from '../../../src/instruments/model_http';

const ALL = [modelHttp, alephalpha, marqo, haystack, crew];
const said = [{ role: 'user', content: 'x' }];

function request(address: string, method = 'POST', headers: Record<string, string> = {}): HttpRequest {
  const url = new URL(address);
  const port = url.port ? Number(url.port) : url.protocol === 'http:' ? 80 : 443;
  return { method, url, server: { address: url.hostname, port }, header: (name) => headers[name] };
}

/** `<instrument> <shape>`, or undefined; the catalog's paths have their say first. */
function known({
  body,
  hosts = {},
  without = [],
  ...asked
}: {
  body?: unknown;
  hosts?: ModelHosts;
  without?: string[];
  url: string;
  method?: string;
  headers?: Record<string, string>;
}): string | undefined {
  const made = request(asked.url, asked.method, asked.headers);
  const apis = ALL.filter(({ id }) => {
    const paths = new RegExp(catalog.find((row) => row.id === id)?.httpPaths ?? '$^');
    return paths.test(made.url.pathname) && !without.includes(id);
  }).flatMap(({ httpApis = [] }) => httpApis);
  const candidates = candidatesFor(made, apis, hosts);
  const api = candidates && chosen(candidates, made, body as Record<string, unknown>, body !== undefined);
  return api && `${api.instrument} ${api.shape}`;
}

describe('a model call is known', () => {
  it.each([
    ['https://api.openai.com/v1/chat/completions', { model: 'm', messages: said }, 'model_http openai'],
    ['http://gateway.internal/llm/v1/chat/completions', { model: 'm', messages: said }, 'model_http openai'],
    ['https://api.groq.com/openai/v1/chat/completions', { model: 'm', messages: said }, 'model_http openai'],
    [
      'https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1',
      { messages: said },
      'model_http openai',
    ],
    ['https://x.openai.azure.com/openai/deployments/d/embeddings', { input: 'x' }, 'model_http openai'],
    ['https://api.openai.com/v1/responses', { model: 'm', input: [] }, 'model_http openai'],
    ['https://api.openai.com/v1/completions', { model: 'm', prompt: 'x' }, 'model_http openai'],
    [
      'https://api.anthropic.com/v1/messages',
      { model: 'm', max_tokens: 1, messages: said },
      'model_http anthropic',
    ],
    [
      'https://eu-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict',
      { anthropic_version: 'v', messages: said },
      'model_http anthropic',
    ],
    [
      'https://generativelanguage.googleapis.com/v1beta/models/g:generateContent',
      { contents: [{ parts: [] }] },
      'model_http gemini',
    ],
    [
      'https://generativelanguage.googleapis.com/v1beta/models/g:batchEmbedContents',
      { requests: [] },
      'model_http gemini',
    ],
    [
      'https://eu-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/g:predict',
      { instances: [] },
      'model_http gemini',
    ],
    ['https://api.cohere.com/v2/chat', { model: 'm', messages: said }, 'model_http cohere'],
    ['https://api.cohere.ai/v1/generate', { prompt: 'x' }, 'model_http cohere'],
    ['https://api.cohere.com/v2/rerank', { query: 'q', documents: [] }, 'model_http cohere'],
    ['http://localhost:11434/api/chat', { model: 'm', messages: [] }, 'model_http ollama'],
    ['http://ollama.lan:11434/api/embeddings', { model: 'm', prompt: 'x' }, 'model_http ollama'],
    ['https://api.aleph-alpha.com/complete', { model: 'm', prompt: 'x' }, 'alephalpha alephalpha'],
    ['https://api.aleph-alpha.com/chat/completions', { model: 'm', messages: said }, 'alephalpha alephalpha'],
    ['http://localhost:8882/indexes/i/search', { q: 'x' }, 'marqo marqo'],
    ['http://search.lan/indexes/i/search', { q: 'x', searchMethod: 'TENSOR' }, 'marqo marqo'],
    ['https://x.eu.marqo.ai/indexes/i/documents', { documents: [] }, 'marqo marqo'],
    ['http://localhost:1416/rag/run', { query: 'x' }, 'haystack haystack'],
    ['http://localhost:1416/v1/chat/completions', { model: 'm', messages: said }, 'haystack haystack'],
    [
      'https://api.cloud.deepset.ai/api/v1/workspaces/w/pipelines/p/search',
      { queries: ['x'] },
      'haystack haystack',
    ],
    ['https://my-crew.crewai.com/kickoff', { inputs: {} }, 'crew crew'],
  ])('%s', (url, body, expected) => {
    expect(known({ url, body })).toBe(expected);
  });

  it.each([
    // Not the body of such a call.
    ['http://app.internal/v1/chat/completions', { text: 'hello' }],
    ['http://app.internal/v1/messages', { text: 'hello', room: 3 }],
    ['http://app.internal/v1/messages', { model: 'sedan', messages: ['a'] }],
    ['http://app.internal/surveys/1/responses', { answers: [] }],
    ['http://app.internal/embeddings', { vector: [1] }],
    ['http://app.internal/completions', { model: 'm', task: 't' }],
    // Paths that many have.
    ['http://app.internal/api/chat', { model: 'm', messages: said }],
    ['http://app.internal/v1/chat', { model: 'm', message: 'x' }],
    ['http://app.internal/v2/rerank', { query: 'q', documents: [] }],
    ['http://app.internal/jobs/run', { query: 'x' }],
    ['http://app.internal/search', { queries: ['x'] }],
    ['http://meili.internal:7700/indexes/i/search', { q: 'x', limit: 3 }],
    ['http://app.internal/complete', { model: 'm', prompt: 'x' }],
    ['http://app.internal/models/m:predict', { instances: [] }],
    ['http://app.internal/kickoff', { team: 'a' }],
  ])('%s %j is not', (url, body) => {
    expect(known({ url, body })).toBeUndefined();
  });

  it('by a header of the API', () => {
    const body = { model: 'm', messages: said };
    const url = 'http://proxy.internal/v1/messages';
    expect(known({ url, body })).toBeUndefined();
    expect(known({ url, body, headers: { 'anthropic-version': '1' } })).toBe('model_http anthropic');
  });

  it('at hosts that were named, as what they were said to be', () => {
    const hosts = { 'models.lan': '', 'c.lan:8080': 'cohere', 'm.lan': 'marqo', 'c.lan': 'anthropic' };
    expect(known({ url: 'http://c.lan:8080/v1/chat', body: { message: 'x' }, hosts })).toBe(
      'model_http cohere',
    );
    expect(known({ url: 'http://c.lan/v1/chat', body: { message: 'x' }, hosts })).toBeUndefined();
    expect(known({ url: 'http://m.lan/indexes/i/search', body: { q: 'x' }, hosts })).toBe('marqo marqo');
    expect(known({ url: 'http://models.lan/v1/embeddings', hosts })).toBe('model_http openai');
  });

  it('without its body, where path or host leave no doubt', () => {
    expect(known({ url: 'http://gateway.internal/v1/chat/completions' })).toBe('model_http openai');
    expect(known({ url: 'https://api.openai.com/v1/embeddings' })).toBe('model_http openai');
    expect(known({ url: 'http://gateway.internal/v1/embeddings' })).toBeUndefined();
    expect(known({ url: 'http://gateway.internal/v1/messages' })).toBeUndefined();
  });

  it('by POST alone', () => {
    expect(known({ url: 'https://api.openai.com/v1/chat/completions', method: 'GET' })).toBeUndefined();
  });

  it('where its instrument was not blocked, and by no other', () => {
    const body = { model: 'm', messages: said };
    const chat = 'https://api.aleph-alpha.com/chat/completions';
    expect(known({ url: chat, body, without: ['alephalpha'] })).toBeUndefined();
    expect(known({ url: chat, body, without: ['model_http'] })).toBe('alephalpha alephalpha');
    expect(
      known({ url: 'http://localhost:1416/v1/chat/completions', body, without: ['haystack'] }),
    ).toBeUndefined();
  });

  it('of the status of a crew where one was started', () => {
    const status = { url: 'http://crew.internal:8000/status/k-1', method: 'GET' };
    expect(known(status)).toBeUndefined();
    expect(known({ url: 'http://crew.internal:8000/kickoff', body: { inputs: {} } })).toBe('crew crew');
    expect(known(status)).toBe('crew crew');
    expect(known({ url: 'https://x.crewai.com/k-1/status', method: 'GET' })).toBe('crew crew');
  });
});
