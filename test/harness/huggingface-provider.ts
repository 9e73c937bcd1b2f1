import type { ServerResponse } from 'node:http';
import {
  type Call,
  html,
  json,
  sendEvents,
  sendEventsInPieces,
  startProviderServer,
} from './provider-server';

/**
 * An inference endpoint, the router and the hub of Hugging Face on loopback, from their published API. The fixture sends
 * what is for another host to `/<host>/…`; the first folder of an endpoint says how it answers.
 */
export const startHuggingFaceProvider = () => startProviderServer(answer);

const sendJson = (response: ServerResponse, status: number, body: unknown): void =>
  json(response, status, body, { 'x-request-id': 'req-1' });

const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

function answer(call: Call): void {
  const { path, body, response, attempt } = call;
  const how = path.split('/')[1] ?? '';
  const failed = /^status-(\d+)/.exec(how)?.[1];
  if (failed) return void fail(response, Number(failed));
  if (how === 'busy' && attempt < 3) return void sendJson(response, 503, { error: 'MARK-ERROR loading' });
  if (how === 'html') return void html(response, 502, '<html><body>MARK-ERROR Bad gateway</body></html>');
  if (how === 'hang') return void closeLater(response);
  if (how === 'huggingface.co') return void hub(call);
  if (path.includes('/chat/completions')) return void chat(call, how);
  if (body.stream) return void textStream(response);
  if (/\/v1\/completions/.test(path)) {
    return void sendJson(response, 200, { id: 'cmpl-1', choices: [{ text: 'MARK-ANSWER' }], usage: USAGE });
  }
  const given = TASKS[how] ?? TASKS[/\/pipeline\/([\w-]+)/.exec(path)?.[1] ?? ''];
  if (Buffer.isBuffer(given)) {
    response.writeHead(200, { 'content-type': how === 'text-to-speech' ? 'audio/flac' : 'image/png' });
    response.end(given);
  } else sendJson(response, 200, given ?? { error: 'no such task' });
}

/** Not at once, but not never: an app that stops reading would keep its socket, and its process with it. */
const closeLater = (response: ServerResponse) => setTimeout(() => response.destroy(), 1_500).unref();

function fail(response: ServerResponse, status: number): void {
  sendJson(response, status, { error: `MARK-ERROR ${status}` });
}

function hub({ path, response }: Call): void {
  const task = /embed/.test(path) ? 'feature-extraction' : 'conversational';
  const mapping = { providerId: 'provider/model-1', status: 'live', task };
  sendJson(response, 200, {
    pipeline_tag: 'feature-extraction',
    inferenceProviderMapping: { together: mapping, 'hf-inference': mapping },
  });
}

const weather = {
  index: 0,
  id: 'call_1',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":"MARK-ARGS"}' },
};

const head = { id: 'chatcmpl-1', model: 'model-1-2026', created: 1, system_fingerprint: 'fp_1' };

function chat({ body, response }: Call, how: string): void {
  if (body.stream) return void chatStream(response, how);
  const message =
    how === 'tools'
      ? { role: 'assistant', content: '', tool_calls: [weather] }
      : { role: 'assistant', content: 'MARK-ANSWER hello' };
  const finish_reason = how === 'tools' ? 'tool_calls' : 'stop';
  const counted = { 'no-usage': {}, zero: { usage: { prompt_tokens: 0, completion_tokens: 0 } } }[how];
  sendJson(response, 200, {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason }],
    ...(counted ?? { usage: USAGE }),
  });
}

function chatStream(response: ServerResponse, how: string): void {
  const delta = (change: unknown, finish_reason: string | null = null) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: change, finish_reason }],
  });
  const said =
    how === 'tools'
      ? [delta({ role: 'assistant', tool_calls: [weather] }), delta({}, 'tool_calls')]
      : [
          delta({ role: 'assistant', content: 'MARK-ANSWER' }),
          delta({ content: ' grüße' }),
          delta({}, 'stop'),
        ];
  const events = [...said, { ...head, choices: [], usage: USAGE }];
  if (how === 'cut') {
    return void sendEvents(response, events.slice(0, 1), (open) => setTimeout(() => open.destroy(), 30));
  }
  if (how === 'open') return void sendEvents(response, events.slice(0, 1), closeLater);
  if (how === 'error-event') {
    return void sendEvents(response, [events[0], { error: { message: 'MARK-ERROR overloaded' } }]);
  }
  if (how === 'pieces') return void sendEventsInPieces(response, events);
  sendEvents(response, events);
}

/** As Text Generation Inference streams. */
function textStream(response: ServerResponse): void {
  const token = (id: number, text: string, more = {}) => ({
    index: id,
    token: { id, text, logprob: -1, special: text.startsWith('<') },
    generated_text: null,
    details: null,
    ...more,
  });
  sendEvents(response, [
    token(1, 'MARK-ANSWER'),
    token(2, ' grüße'),
    token(3, '</s>', {
      generated_text: 'MARK-ANSWER grüße',
      details: { finish_reason: 'eos_token', generated_tokens: 3, seed: null, prefill: [] },
    }),
  ]);
}

const box = { xmin: 1, ymin: 2, xmax: 3, ymax: 4 };
const label = { label: 'MARK-LABEL', score: 0.75 };

const TASKS: Record<string, unknown> = {
  'text-generation': [
    {
      generated_text: 'MARK-ANSWER hello',
      details: { finish_reason: 'length', generated_tokens: 7, prefill: [{ id: 1 }, { id: 2 }], tokens: [] },
    },
  ],
  'feature-extraction': [
    [0.1, 0.2, 0.3],
    [0.4, 0.5, 0.6],
  ],
  summarization: [{ summary_text: 'MARK-ANSWER short' }],
  translation: [{ translation_text: 'MARK-ANSWER bonjour' }],
  'fill-mask': [{ score: 0.5, token: 7, token_str: 'MARK-ANSWER', sequence: 'hello MARK-ANSWER' }],
  'question-answering': { answer: 'MARK-ANSWER', score: 0.5, start: 1, end: 2 },
  'table-question-answering': {
    answer: 'MARK-ANSWER',
    coordinates: [[0, 1]],
    cells: ['1'],
    aggregator: 'NONE',
  },
  'document-question-answering': [{ answer: 'MARK-ANSWER', score: 0.5, start: 1, end: 2 }],
  'text-classification': [[label, { label: 'other', score: 0.25 }]],
  'token-classification': [{ entity_group: 'PER', score: 0.5, word: 'MARK-WORD', start: 0, end: 4 }],
  'zero-shot-classification': [{ sequence: 'MARK-SEQUENCE', labels: ['good', 'bad'], scores: [0.75, 0.25] }],
  'sentence-similarity': [0.25, 0.75],
  'image-classification': [label],
  'image-to-text': [{ generated_text: 'MARK-ANSWER a cat' }],
  'image-segmentation': [{ ...label, mask: 'AAAAAAAA' }],
  'object-detection': [{ ...label, box }],
  'audio-classification': [label],
  'automatic-speech-recognition': { text: 'MARK-ANSWER heard' },
  'text-to-image': Buffer.from('MARK-PNG'),
  'text-to-speech': Buffer.from('MARK-FLAC'),
  'tabular-regression': [1.5],
  novel: { anything: 'MARK-ANSWER', deep: [{ text: 1 }] },
};
