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
  if (request.url.includes('/v1/messages')) return anthropic.answer(request, random);
  return request.url.includes('Content') ? gemini.answer(request, random) : openai.answer(request, random);
};

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
];
const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' };

function bodyOf(random, request) {
  try {
    return JSON.stringify(awkwardRequest(random, request)) ?? '';
  } catch {
    return '{"model":';
  }
}

const asked = (url, body, signal) =>
  new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers, signal, agent: false }, (response) => {
      response.setEncoding('utf8');
      resolve({ status: response.statusCode, body: response });
    });
    request.on('error', reject);
    request.end(body);
  });

exports.start = async (_load, url) =>
  targets.flatMap(([path, request]) => [
    {
      name: `fetch ${path}`,
      run: (random, signal) =>
        fetch(`${url}${path}`, { method: 'POST', headers, signal, body: bodyOf(random, request) }),
    },
    {
      name: `fetch and json ${path}`,
      run: async (random, signal) => {
        const response = await fetch(
          new Request(`${url}${path}`, { method: 'POST', headers, signal, body: bodyOf(random, request) }),
        );
        const copy = random.chance(0.3) ? response.clone() : response;
        if (request.stream || random.chance(0.2)) return (await copy.text()).length;
        return copy.json();
      },
    },
    {
      name: `http ${path}`,
      run: (random, signal) => asked(`${url}${path}`, bodyOf(random, request), signal).then(wholeText),
    },
  ]);

async function wholeText({ status, body }) {
  let text = '';
  for await (const chunk of body) text += chunk;
  return { status, text };
}
