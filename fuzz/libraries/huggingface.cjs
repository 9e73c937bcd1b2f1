'use strict';
const { methods } = require('../methods.cjs');
const openai = require('../formats/openai.cjs');

exports.answer = (request, random) => {
  if (request.url.includes('/chat/completions')) return openai.chat(random, request.body);
  if (request.url.includes('generation')) return { json: [{ generated_text: 'hello there' }] };
  return { json: [[0.1, 0.2]] };
};
exports.start = async (load, url) => {
  const { HfInference, InferenceClient } = await load('@huggingface/inference');
  // It says which provider it chose, each time anew.
  for (const method of ['log', 'warn']) console[method] = () => {};
  const client = new (InferenceClient ?? HfInference)('none');
  const chat = { model: 'm', messages: [{ role: 'user', content: 'hello' }], max_tokens: 9 };
  return methods(
    [client.endpoint(`${url}/generation`)],
    [
      ['textGeneration', { inputs: 'hello', parameters: { max_new_tokens: 9 } }],
      ['featureExtraction', { inputs: 'a' }],
      ['chatCompletion', chat],
      ['chatCompletionStream', chat],
    ],
  );
};
