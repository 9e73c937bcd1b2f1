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
 * watsonx.ai on loopback, from IBM's API reference (/ml/v1/text/…, /ml/v1/deployments/…, /ml/gateway/v1/…). Models whose
 * names say so misbehave. Pieces are not cut inside a character: the SDK decodes each by itself.
 */
export const startWatsonxProvider = () => startProviderServer(answer);

const sendJson = (response: ServerResponse, status: number, body: unknown): void =>
  json(response, status, body, { 'x-request-id': 'req-1' });

const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

function answer(call: Call): void {
  const { path, body, response, attempt } = call;
  const model = String(body.model_id ?? body.model ?? '');
  const failed = /status-(\d+)/.exec(model)?.[1];
  if (failed) return void fail(response, Number(failed));
  if (model === 'flaky' && attempt === 1) return void fail(response, 429);
  if (model === 'html') return void html(response, 502, '<html><body>MARK-ERROR Bad gateway</body></html>');
  if (model === 'hang') return void closeLater(response);
  if (path.includes('embedding')) return void embed(call, model);
  if (path.includes('rerank')) return void rerank(call, model);
  if (path.includes('chat')) return void chat(call, model);
  if (path.includes('gateway')) return void complete(call, model);
  generate(call, model);
}

/** Not at once, but not never: an app that stops reading would keep its socket, and its process with it. */
const closeLater = (response: ServerResponse) => setTimeout(() => response.destroy(), 1_500).unref();

function fail(response: ServerResponse, status: number): void {
  sendJson(response, status, {
    trace: 'trace-1',
    errors: [{ code: 'invalid_request', message: `MARK-ERROR ${status}` }],
    status_code: status,
  });
}

const head = (model: string) => ({
  id: 'chatcmpl-1',
  model_id: model || 'deployed-1',
  model: `${model || 'deployed-1'}-2026`,
  created: 1,
  created_at: '2026-01-01T00:00:00.000Z',
});

const weather = {
  id: 'call_1',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":"MARK-ARGS"}' },
};

function chat({ path, body, response }: Call, model: string): void {
  if (path.includes('stream') || body.stream) return void chatStream(response, model);
  const message =
    model === 'tools-1'
      ? { role: 'assistant', tool_calls: [weather] }
      : {
          role: 'assistant',
          content: 'MARK-ANSWER hello',
          ...(model === 'thinking' && { reasoning_content: 'MARK-THOUGHT' }),
        };
  const finish_reason = model === 'tools-1' ? 'tool_calls' : 'stop';
  sendJson(response, 200, {
    ...head(model),
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason }],
    ...(model !== 'no-usage' && {
      usage: model === 'zero' ? { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } : USAGE,
    }),
  });
}

function chatStream(response: ServerResponse, model: string): void {
  const delta = (change: unknown, finish_reason: string | null = null) => ({
    ...head(model),
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: change, finish_reason }],
  });
  const said =
    model === 'tools-1'
      ? [
          delta({
            role: 'assistant',
            tool_calls: [{ index: 0, ...weather, function: { name: 'weather', arguments: '{"city":' } }],
          }),
          delta({ tool_calls: [{ index: 0, function: { name: '', arguments: '"MARK-ARGS"}' } }] }),
          delta({}, 'tool_calls'),
        ]
      : [
          delta({ role: 'assistant', content: 'MARK-ANSWER' }),
          delta({ content: ' grüße' }),
          delta({}, 'stop'),
        ];
  const events = [...said, { ...head(model), choices: [], usage: USAGE }].map(
    (data, id) => `id: ${id + 1}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`,
  );
  if (model === 'cut')
    return void sendEvents(response, events.slice(0, 2), (open) => setTimeout(() => open.destroy(), 30));
  if (model === 'open') return void sendEvents(response, events.slice(0, 1), closeLater);
  if (model === 'pieces') return void sendEventsInPieces(response, events, false);
  sendEvents(response, events, (open) => open.end());
}

function generate({ path, response }: Call, model: string): void {
  const result = (text: string, count: number, input: number, reason: string) => ({
    model_id: model || 'deployed-1',
    created_at: '2026-01-01T00:00:00.000Z',
    results: [
      { generated_text: text, generated_token_count: count, input_token_count: input, stop_reason: reason },
    ],
  });
  if (!path.includes('stream')) {
    return void sendJson(response, 200, {
      ...result('MARK-ANSWER hello', 7, 11, 'max_tokens'),
      system: { warnings: [{ message: 'MARK-WARNING', id: 'disclaimer' }] },
    });
  }
  const events = [
    result('', 0, 11, 'not_finished'),
    result('MARK-ANSWER', 3, 0, 'not_finished'),
    result(' grüße', 7, 0, 'eos_token'),
  ].map((data, id) => `id: ${id + 1}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`);
  if (model === 'pieces') return void sendEventsInPieces(response, events, false);
  sendEvents(response, events, (open) => open.end());
}

/** Completions of the gateway. */
function complete({ body, response }: Call, model: string): void {
  const choice = (text: string, finish_reason: string | null) => ({
    ...head(model),
    object: 'text_completion',
    choices: [{ index: 0, text, finish_reason }],
  });
  if (!body.stream)
    return void sendJson(response, 200, { ...choice('MARK-ANSWER hello', 'stop'), usage: USAGE });
  sendEvents(response, [
    choice('MARK-ANSWER', null),
    choice(' grüße', 'stop'),
    { ...choice('', null), choices: [], usage: USAGE },
  ]);
}

function embed({ path, response }: Call, model: string): void {
  const embedding = [0.1, 0.2, 0.3];
  if (path.includes('gateway')) {
    return void sendJson(response, 200, {
      object: 'list',
      model: `${model}-2026`,
      data: [{ object: 'embedding', index: 0, embedding }],
      usage: { prompt_tokens: 5, total_tokens: 5 },
    });
  }
  sendJson(response, 200, {
    model_id: model,
    created_at: '',
    results: [{ embedding }, { embedding }],
    input_token_count: 9,
  });
}

function rerank({ body, response }: Call, model: string): void {
  const results = (body.inputs as { text: string }[]).map((input, index) => ({
    index,
    score: 1 - index / 4,
    input,
  }));
  sendJson(response, 200, { model_id: model, created_at: '', results, input_token_count: 12 });
}
