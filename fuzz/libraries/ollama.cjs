'use strict';
const { methods } = require('../methods.cjs');

const counts = {
  total_duration: 5,
  load_duration: 1,
  prompt_eval_count: 9,
  prompt_eval_duration: 1,
  eval_count: 3,
  eval_duration: 2,
};
const about = { model: 'llama3', created_at: '2026-01-01T00:00:00Z' };
const said = (content, more) => ({ ...about, message: { role: 'assistant', content }, done: false, ...more });
const wrote = (response, more) => ({ ...about, response, done: false, ...more });
const last = { done: true, done_reason: 'stop', ...counts };

exports.answer = ({ url, body }) => {
  if (/\/api\/(pull|create)/.test(url)) {
    const steps = ['pulling', 'success'].map((status) => ({ status }));
    return body?.stream ? { lines: steps } : { json: steps[1] };
  }
  if (/\/api\/(tags|ps|show|version|delete|copy)/.test(url))
    return { json: { models: [{ name: 'llama3', model: 'llama3' }], version: '0.6.0', details: {} } };
  if (url.includes('/api/embed'))
    return {
      json: {
        model: 'llama3',
        embeddings: [[0.1]],
        embedding: [0.1],
        total_duration: 1,
        prompt_eval_count: 2,
      },
    };
  const one = url.includes('/api/generate') ? wrote : said;
  if (body?.stream) return { lines: [one('Hé'), one('llo 😀'), one('', last)] };
  return { json: one('Hello.', last) };
};
exports.start = async (load, url) => {
  const { Ollama } = await load('ollama');
  const chat = {
    model: 'llama3',
    messages: [{ role: 'user', content: 'hello', images: ['AAAA'] }],
    options: { temperature: 0 },
  };
  return methods(
    [new Ollama({ host: url })],
    [
      ['chat', chat],
      ['chat', { ...chat, stream: true }],
      ['generate', { model: 'llama3', prompt: 'hello' }],
      ['generate', { model: 'llama3', prompt: 'hello', stream: true }],
      ['embed', { model: 'llama3', input: ['a'] }],
      ['embeddings', { model: 'llama3', prompt: 'a' }],
      ['pull', { model: 'llama3' }],
      ['pull', { model: 'llama3', stream: true }],
      ['create', { model: 'mine', from: 'llama3', stream: true }],
      ['list'],
      ['show', { model: 'llama3' }],
      ['copy', { source: 'llama3', destination: 'mine' }],
      ['delete', { model: 'mine' }],
    ],
  );
};
