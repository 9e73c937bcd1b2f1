'use strict';
const { methods } = require('../methods.cjs');

/** Where the server is, for what is asked for by its whole address. */
let origin;

const prediction = (random, url) => ({
  ...{
    id: 'p1',
    version: 'v1',
    model: 'meta/llama',
    input: { prompt: 'hello' },
    logs: '',
    created_at: '2026-01-01T00:00:00Z',
  },
  ...{
    urls: { get: `${url}/p1`, cancel: `${url}/p1/cancel`, stream: `${origin}/stream/p1` },
    metrics: { predict_time: 0.5, input_token_count: 9, output_token_count: 3 },
  },
  ...random.pick([
    { status: 'succeeded', output: ['Hel', 'lo.'] },
    { status: 'succeeded', output: 'https://example.invalid/a.png' },
    { status: 'failed', output: null, error: 'broken' },
    { status: 'canceled', output: null },
    { status: 'processing', output: null },
  ]),
});

const events = (random) => [
  ...['Hé', 'llo 😀'].map((data) => ({ event: 'output', data })),
  random.pick([
    { event: 'done', data: '{}' },
    { event: 'done', data: '{"reason":"canceled"}' },
    { event: 'error', data: 'broken' },
  ]),
];

exports.answer = ({ url }, random) => {
  if (url.includes('/stream/')) return { events: events(random) };
  if (url.endsWith('/models')) return { json: { results: [{ owner: 'meta', name: 'llama' }], next: null } };
  return { json: prediction(random, url) };
};
exports.start = async (load, url) => {
  origin = url;
  const loaded = await load('replicate');
  const Replicate = loaded.default ?? loaded;
  const client = new Replicate({ auth: 'none', baseUrl: `${url}/v1`, useFileOutput: false });
  const input = { prompt: 'hello', temperature: 0.5, image: 'data:image/png;base64,AAAA' };
  const options = { model: 'meta/llama', input };
  const waited = {
    name: 'wait',
    run: async (random) =>
      client.wait(await client.predictions.create(options), random.pick([{ interval: 1 }, undefined])),
  };
  const calls = methods(
    [client],
    [
      ['run', 'meta/llama', { input, wait: { mode: 'poll', interval: 1 } }],
      ['run', 'meta/llama:v1', { input }],
      ['stream', 'meta/llama', { input }],
      ['predictions.create', options],
      ['predictions.create', { version: 'v1', input, wait: true }],
      ['predictions.get', 'p1'],
      ['predictions.cancel', 'p1'],
      ['models.list'],
      ['deployments.predictions.create', 'meta', 'llama', { input }],
    ],
  );
  return [...calls, waited];
};
