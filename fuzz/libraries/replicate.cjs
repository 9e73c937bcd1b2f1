'use strict';
const { methods } = require('../methods.cjs');

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
    urls: { get: `${url}/p1`, cancel: `${url}/p1/cancel` },
    metrics: { predict_time: 0.5, input_token_count: 9, output_token_count: 3 },
  },
  ...random.pick([
    { status: 'succeeded', output: ['Hel', 'lo.'] },
    { status: 'succeeded', output: 'https://example.invalid/a.png' },
    { status: 'failed', output: null, error: 'broken' },
    { status: 'canceled', output: null },
  ]),
});

exports.answer = ({ url }, random) => ({ json: prediction(random, url) });
exports.start = async (load, url) => {
  const loaded = await load('replicate');
  const Replicate = loaded.default ?? loaded;
  const client = new Replicate({ auth: 'none', baseUrl: `${url}/v1`, useFileOutput: false });
  const input = { prompt: 'hello', temperature: 0.5, image: 'data:image/png;base64,AAAA' };
  return methods(
    [client],
    [
      ['run', 'meta/llama', { input, wait: { mode: 'poll', interval: 1 } }],
      ['run', 'meta/llama:v1', { input }],
      ['predictions.create', { model: 'meta/llama', input }],
      ['predictions.create', { version: 'v1', input, wait: true }],
      ['deployments.predictions.create', 'meta', 'llama', { input }],
    ],
  );
};
