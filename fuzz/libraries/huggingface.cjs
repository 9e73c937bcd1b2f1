'use strict';
const { methods } = require('../methods.cjs');
const openai = require('../formats/openai.cjs');

const label = { label: 'a', score: 0.75 };
const found = { answer: 'a', score: 0.5, start: 1, end: 2 };
const image = { bytes: Buffer.from('not really a picture'), type: 'image/png' };
const sound = { bytes: Buffer.from('not really sound'), type: 'audio/flac' };
const json = (value) => ({ json: value });
/** What each task answers, by its method. */
const ANSWERS = {
  textGeneration: json([{ generated_text: 'hello there', details: { generated_tokens: 3, prefill: [] } }]),
  featureExtraction: json([[0.1, 0.2]]),
  ...{ summarization: json([{ summary_text: 'a' }]), translation: json([{ translation_text: 'a' }]) },
  fillMask: json([{ score: 0.5, token: 7, token_str: 'a', sequence: 'b a' }]),
  ...{ questionAnswering: json(found), documentQuestionAnswering: json([found]) },
  tableQuestionAnswering: json({ answer: 'a', coordinates: [[0, 1]], cells: ['1'], aggregator: 'NONE' }),
  visualQuestionAnswering: json([{ answer: 'a', score: 0.5 }]),
  textClassification: json([[label]]),
  tokenClassification: json([{ entity_group: 'PER', score: 0.5, word: 'a', start: 0, end: 1 }]),
  zeroShotClassification: json([{ sequence: 'a', labels: ['good', 'bad'], scores: [0.75, 0.25] }]),
  sentenceSimilarity: json([0.25, 0.75]),
  ...{ imageClassification: json([label]), audioClassification: json([label]) },
  imageToText: json([{ generated_text: 'a cat' }]),
  imageSegmentation: json([{ ...label, mask: 'AAAA' }]),
  objectDetection: json([{ ...label, box: { xmin: 1, ymin: 2, xmax: 3, ymax: 4 } }]),
  zeroShotImageClassification: json([label]),
  automaticSpeechRecognition: json({ text: 'hello' }),
  audioToAudio: json([{ label: 'a', blob: 'AAAA', 'content-type': 'audio/flac' }]),
  ...{ textToImage: image, imageToImage: image, textToVideo: image, textToSpeech: sound },
  ...{ tabularRegression: json([1.5]), tabularClassification: json([1]) },
};
const tokens = [
  { token: { id: 1, text: 'Hé', logprob: -1, special: false }, generated_text: null, details: null },
  {
    token: { id: 2, text: '</s>', logprob: -1, special: true },
    ...{ generated_text: 'Hé', details: { finish_reason: 'eos_token', generated_tokens: 2, prefill: [] } },
  },
];

exports.answer = ({ url, body }, random) => {
  if (url.includes('/chat/completions')) return openai.chat(random, body);
  if (body?.stream) return { events: tokens.map((data) => ({ data })) };
  return ANSWERS[url.split('/')[1]] ?? json({ anything: 'a' });
};

/** It asks the hub which model is for a task, where none is named: that is the server, too. */
function stayHere(origin) {
  const { fetch } = globalThis;
  globalThis.fetch = (url, ...rest) =>
    fetch(String(url).startsWith(origin) ? url : `${origin}/hub${new URL(url).pathname}`, ...rest);
}

exports.start = async (load, url) => {
  stayHere(url);
  const { HfInference, InferenceClient } = await load('@huggingface/inference');
  // It says which provider it chose, each time anew.
  for (const method of ['log', 'warn']) console[method] = () => {};
  const client = new (InferenceClient ?? HfInference)('none');
  const model = 'm';
  const chat = { model, messages: [{ role: 'user', content: 'hello' }], max_tokens: 9 };
  const text = { model, inputs: 'hello' };
  const file = { model, data: new Blob(['bytes'], { type: 'image/png' }) };
  return [
    ['textGeneration', { inputs: 'hello', parameters: { max_new_tokens: 9 } }],
    ['textGenerationStream', { ...text, parameters: { max_new_tokens: 9 } }],
    ['featureExtraction', { inputs: 'a' }],
    ['chatCompletion', chat],
    ['chatCompletionStream', chat],
    ...['request', 'streamingRequest', 'summarization', 'translation', 'fillMask'].map((name) => [
      name,
      text,
    ]),
    ...['textClassification', 'tokenClassification', 'textToImage', 'textToVideo', 'textToSpeech'].map(
      (name) => [name, text],
    ),
    ['questionAnswering', { model, inputs: { question: 'hello', context: 'a' } }],
    ['tableQuestionAnswering', { model, inputs: { query: 'hello', table: { a: ['1'] } } }],
    ['zeroShotClassification', { ...text, parameters: { candidate_labels: ['good', 'bad'] } }],
    ['sentenceSimilarity', { model, inputs: { source_sentence: 'hello', sentences: ['a'] } }],
    ...['tabularRegression', 'tabularClassification'].map((name) => [
      name,
      { model, inputs: { data: { a: ['1'] } } },
    ]),
    ...['imageClassification', 'imageSegmentation', 'objectDetection', 'imageToText'].map((name) => [
      name,
      file,
    ]),
    ...['audioClassification', 'automaticSpeechRecognition', 'audioToAudio'].map((name) => [name, file]),
    ...['documentQuestionAnswering', 'visualQuestionAnswering'].map((name) => [
      name,
      { model, inputs: { image: file.data, question: 'hello' } },
    ]),
    ['imageToImage', { model, inputs: file.data, parameters: { prompt: 'a cat' } }],
    [
      'zeroShotImageClassification',
      { model, inputs: { image: file.data }, parameters: { candidate_labels: ['a'] } },
    ],
  ].flatMap((row) => methods([client.endpoint(`${url}/${row[0]}`)], [row]));
};
