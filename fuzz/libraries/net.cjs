'use strict';
/** Calls made by hand, which only the HTTP net sees. */
const http = require('node:http');
const { awkwardRequest } = require('../awkward.cjs');
const openai = require('../formats/openai.cjs');
const anthropic = require('../formats/anthropic.cjs');
const gemini = require('../formats/gemini.cjs');

/** What is no model call is a request like any other, and carries the trace on. */
exports.ignoredHeader = 'traceparent';
exports.answer = (request, random) => {
  const known = ANSWERS.find(([path]) => request.url.includes(path));
  if (known) return request.body?.stream && known[2] ? { lines: known[2] } : { json: known[1] };
  if (request.url.includes('/v1/messages')) return anthropic.answer(request, random);
  return request.url.includes('Content') ? gemini.answer(request, random) : openai.answer(request, random);
};

/** What else it knows: by the path, the answer, and the lines of a stream. */
const ANSWERS = [
  [
    '/complete',
    { model_version: '1', completions: [{ completion: 'a', finish_reason: 'eos' }], num_tokens_generated: 3 },
  ],
  ['/semantic_embed', { model_version: '1', embedding: [0.1], num_tokens_prompt_total: 2 }],
  ['/search', { hits: [{ _id: 'a', _score: 0.9, title: 'b' }], query: 'a', limit: 1, processingTimeMs: 1 }],
  ['/documents', { errors: false, items: [{ _id: 'a', status: 200 }], index_name: 'things' }],
  ['/run', { result: { llm: { replies: ['a'], meta: [{ model: 'm', usage: { prompt_tokens: 1 } }] } } }],
  ['/kickoff', { kickoff_id: 'k1' }],
  ['/status/', { state: 'SUCCESS', result: 'a', last_step: { action: 'done' } }],
  ['/rerank', { id: 'r', results: [{ index: 0, relevance_score: 0.9 }], meta: {} }],
  [
    '/api/chat',
    { model: 'm', message: { role: 'assistant', content: 'a' }, done: true, eval_count: 3 },
    [
      { model: 'm', message: { role: 'assistant', content: 'H' }, done: false },
      { model: 'm', message: { role: 'assistant', content: 'é' }, done: true, eval_count: 3 },
    ],
  ],
  [
    '/converse',
    { output: { message: { role: 'assistant', content: [{ text: 'a' }] } }, usage: { inputTokens: 1 } },
  ],
];

const messages = [{ role: 'user', content: 'hello' }];
const targets = [
  ['/v1/chat/completions', { model: 'm', messages }],
  ['/v1/chat/completions', { model: 'm', messages, stream: true }],
  ['/v1/responses', { model: 'm', input: 'hello' }],
  ['/v1/responses', { model: 'm', input: 'hello', stream: true }],
  ['/v1/embeddings', { model: 'm', input: 'a' }],
  ['/v1/completions', { model: 'm', prompt: 'a', stream: true }],
  ['/v1/messages', { model: 'claude-3', max_tokens: 9, messages }],
  ['/v1/messages', { model: 'claude-3', max_tokens: 9, messages, stream: true }],
  ['/v1beta/models/gemini-2.5-flash:generateContent', { contents: [{ parts: [{ text: 'a' }] }] }],
  [
    '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    { contents: [{ parts: [{ text: 'a' }] }] },
  ],
  ['/complete', { model: 'luminous-base', prompt: 'a', maximum_tokens: 9 }],
  ['/semantic_embed', { model: 'luminous-base', prompt: 'a', representation: 'query' }],
  ['/indexes/things/search', { q: 'a', limit: 1, filter: 'b:c' }],
  ['/indexes/things/documents', { documents: [{ _id: 'a', title: 'b' }], tensorFields: ['title'] }],
  ['/rag/run', { data: { llm: { prompt: 'a' } }, question: 'a' }],
  ['/kickoff', { inputs: { topic: 'a' } }],
  ['/status/k1', undefined],
  ['/v1/rerank', { model: 'm', query: 'a', documents: ['a', 'b'] }],
  ['/api/chat', { model: 'm', messages }],
  ['/api/chat', { model: 'm', messages, stream: true }],
  ['/model/amazon.nova-lite-v1:0/converse', { messages: [{ role: 'user', content: [{ text: 'a' }] }] }],
];
const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' };

function bodyOf(random, request) {
  try {
    return JSON.stringify(awkwardRequest(random, request)) ?? '';
  } catch {
    return '{"model":';
  }
}

const asked = (url, request, body) =>
  new Promise((resolve, reject) => {
    const sent = http.request(url, { ...request, agent: false }, (response) => {
      response.setEncoding('utf8');
      resolve({ status: response.statusCode, body: response });
    });
    sent.on('error', reject);
    sent.end(body);
  });

exports.start = async (load, url) => {
  const undici = await load('undici').catch(() => undefined);
  const ways = { ...WAYS, ...(undici && waysOf(undici)) };
  return targets.flatMap(([path, request]) =>
    Object.entries(ways).map(([name, way]) => ({
      name: `${name} ${path}`,
      run(random, signal) {
        if (request === undefined) return way(`${url}${path}`, { method: 'GET', headers, signal }, random);
        const body = bodyOf(random, request);
        return way(`${url}${path}`, { method: 'POST', headers, signal, body }, random);
      },
    })),
  );
};

const WAYS = {
  fetch: (url, request) => fetch(url, request),
  async 'fetch and read'(url, request, random) {
    const response = await fetch(new Request(url, request));
    const copy = random.chance(0.3) ? response.clone() : response;
    if (random.chance(0.4)) return (await copy.text()).length;
    return copy.json();
  },
  http: (url, { body, ...request }) => asked(url, request, body).then(wholeText),
};

const waysOf = (undici) => ({
  'fetch of undici': (url, request) => undici.fetch(url, request).then((response) => response.text()),
  async request(url, request, random) {
    const { statusCode, body } = await undici.request(url, request);
    return random.chance(0.5) ? body : { statusCode, text: await body.text() };
  },
  async stream(url, request) {
    const parts = [];
    const { Writable } = require('node:stream');
    const sink = new Writable({
      write(chunk, _encoding, done) {
        parts.push(chunk);
        done();
      },
    });
    await undici.stream(url, request, () => sink);
    return Buffer.concat(parts).toString();
  },
});

async function wholeText({ status, body }) {
  let text = '';
  for await (const chunk of body) text += chunk;
  return { status, text };
}
