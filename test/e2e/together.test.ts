import type { Answer } from '../harness/provider-server';
import { json, sse, stream } from '../harness/provider-server';
import { describeProvider } from '../harness/provider-suite';
import {
  embeddings,
  speech,
  stainlessStackLine,
  startStainlessProvider,
  transcription,
} from '../harness/stainless-provider';

const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, cached_tokens: 4 };

const completions: Answer = ({ body }, response) => {
  const head = { id: 'cmpl-1', created: 1_700_000_000, model: `${String(body.model)}-2026-01-01` };
  if (!body.stream) {
    const choices = [{ text: 'MARK-ANSWER', seed: 1, finish_reason: 'length', logprobs: null }];
    return json(response, 200, { ...head, object: 'text.completion', prompt: [], choices, usage });
  }
  const chunk = (content: string, finish_reason: string | null) =>
    sse({
      ...head,
      object: 'completion.chunk',
      token: { id: 1, text: content, logprob: 0, special: false },
      choices: [{ index: 0, text: content, delta: { content } }],
      finish_reason,
      usage: finish_reason && usage,
    });
  stream(response, `${chunk('MARK-', null)}${chunk('ANSWER', 'eos')}${sse('[DONE]')}`);
};

const images: Answer = ({ body }, response) =>
  json(response, 200, {
    id: 'img-1',
    model: body.model,
    object: 'list',
    data: [
      { index: 0, type: 'url', url: 'https://media.test/MARK-ANSWER.png' },
      { index: 1, type: 'b64_json', b64_json: 'aGVsbG8=' },
    ],
  });

const rerank: Answer = ({ body }, response) =>
  json(response, 200, {
    id: 'rerank-1',
    object: 'rerank',
    model: `${String(body.model)}-2026-01-01`,
    results: [
      { index: 1, relevance_score: 0.9, document: { text: '{"text":"MARK-DOCUMENT 1"}' } },
      { index: 0, relevance_score: 0 },
    ].slice(0, Number(body.top_n ?? 2)),
    usage: { prompt_tokens: 13, completion_tokens: 0, total_tokens: 13 },
  });

describeProvider({
  fixture: 'together',
  versions: [
    { name: 'together-0.9', sdks: ['together-0.9'], nodes: ['20', '24'] },
    { name: 'together-0.52', sdks: ['together-0.52'], nodes: ['20', '24'] },
  ],
  startServer: () =>
    startStainlessProvider({
      usage,
      head: {},
      lastChunk: (counted) => ({ usage: counted }),
      reasoning: 'reasoning',
      endpoints: {
        '/completions': completions,
        '/embeddings': embeddings(),
        '/images/generations': images,
        '/rerank': rerank,
        '/audio/speech': speech,
        '/audio/transcriptions': transcription,
        '/audio/translations': transcription,
      },
    }),
  stackLine: stainlessStackLine,
  spansOfStep: {
    parallel: 5,
    'calls inside a stream loop, inner': 1,
    'bad arguments': 0,
    'null body': 0,
    'body with a throwing getter': 0,
    unknown: 3,
  },
});
