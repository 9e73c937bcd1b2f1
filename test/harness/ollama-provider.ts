import type { ServerResponse } from 'node:http';
import { type Body, type Call, hang, html, json, sendInPieces, startProviderServer } from './provider-server';
import type { ProviderServer } from './provider-suite';

type Answer = (call: Call) => void;

const answer: Answer = (call) => {
  const { path, body, response } = call;
  const model = String(body.model ?? body.name ?? '');
  const misbehave = TROUBLE[model];
  if (misbehave) return misbehave(call);
  switch (path) {
    case '/api/chat':
      return send(call, chatEvents(body));
    case '/api/generate':
      return send(call, generateEvents(body));
    case '/api/embed': {
      const embeddings = [body.input].flat().map(() => [0.25, -0.5, 1]);
      return json(response, 200, { model, embeddings, total_duration: 14, prompt_eval_count: 8 });
    }
    case '/api/embeddings':
      return json(response, 200, { embedding: [0.25, -0.5, 1, 2] });
    case '/api/tags':
      return json(response, 200, { models: [] });
    default:
      return json(response, 404, { error: 'not found MARK-ERROR' });
  }
};

/** Ollama's server as its API reference (docs/api.md) has it; the model's name says how it answers. */
export const startOllamaProvider = (): Promise<ProviderServer> => startProviderServer(answer);

const DURATIONS = { total_duration: 99, load_duration: 9, prompt_eval_duration: 5, eval_duration: 7 };
const COUNTS: Record<string, Body> = {
  'no-usage': {},
  'zero-usage': { prompt_eval_count: 0, eval_count: 0 },
};

function last(model: string, reason = 'stop'): Body {
  return {
    done: true,
    done_reason: reason,
    ...DURATIONS,
    ...(COUNTS[model] ?? { prompt_eval_count: 26, eval_count: 12 }),
  };
}

const head = (body: Body): Body => ({ model: body.model, created_at: '2026-01-02T03:04:05.6Z' });

function chatEvents(body: Body): Body[] {
  const model = String(body.model);
  const event = (message: Body, more: Body = { done: false }): Body => ({
    ...head(body),
    message: { role: 'assistant', ...message },
    ...more,
  });
  if (!(body.messages as unknown[] | undefined)?.length) {
    return [event({ content: '' }, { done: true, done_reason: 'load' })];
  }
  if (model === 'tools-1') {
    const call = (city: string, id: string) => ({
      id,
      function: { index: 0, name: 'weather', arguments: { city } },
    });
    return [
      event({ content: '', tool_calls: [call('MARK-ARGS', 'call_1')] }),
      event({ content: '', tool_calls: [call('MARK-ARGS 2', 'call_2')] }),
      event({ content: '' }, last(model)),
    ];
  }
  if (model === 'length-1') return [event({ content: 'MARK-ANSW' }, last(model, 'length'))];
  return [
    event({ content: '', thinking: 'MARK-' }),
    event({ content: '', thinking: 'REASONING' }),
    event({ content: 'MARK-ANSWER ' }),
    event({ content: 'grüße 🌍', ...(model === 'unknown-1' && { hologram: { depth: 3 } }) }),
    event({ content: '' }, last(model)),
  ];
}

function generateEvents(body: Body): Body[] {
  const event = (text: string, more: Body = { done: false }): Body => ({
    ...head(body),
    response: text,
    ...more,
  });
  if (!body.prompt) return [event('', { done: true, done_reason: 'load' })];
  return [
    event('MARK-'),
    event('ANSWER', { done: false, thinking: 'MARK-REASONING' }),
    event('', { ...last(String(body.model)), context: [1, 2, 3] }),
  ];
}

const line = (event: Body): string => `${JSON.stringify(event)}\n`;

const send = ({ body, response }: Call, events: Body[]) => {
  if (!body.stream) return json(response, 200, events.reduce(joined));
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  if (body.model === 'pieces-1') return sendInPieces(response, events.map(line).join(''));
  for (const event of events) response.write(line(event));
  response.end();
};

/** What the server answers without streaming. */
function joined(whole: Body, event: Body): Body {
  const text = (value: unknown) => String(value ?? '');
  if (event.message === undefined) {
    const thinking = text(whole.thinking) + text(event.thinking);
    return {
      ...whole,
      ...event,
      response: text(whole.response) + text(event.response),
      ...(thinking && { thinking }),
    };
  }
  const [a, b] = [whole.message, event.message] as [Body, Body];
  const calls = [...((a.tool_calls as unknown[]) ?? []), ...((b.tool_calls as unknown[]) ?? [])];
  const thinking = text(a.thinking) + text(b.thinking);
  return {
    ...whole,
    ...event,
    message: {
      ...a,
      ...b,
      content: text(a.content) + text(b.content),
      ...(thinking && { thinking }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
  };
}

/** A stream that begins; what follows is up to `then`. */
function beginning(then: (response: ServerResponse) => void): Answer {
  return ({ path, body, response }) => {
    const event =
      path === '/api/chat'
        ? { message: { role: 'assistant', content: 'MARK-PARTIAL' } }
        : { response: 'MARK-PARTIAL' };
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(line({ ...head(body), ...event, done: false }), () => then(response));
  };
}

const TROUBLE: Record<string, Answer> = {
  'status-400': ({ response }) => json(response, 400, { error: 'no such thing MARK-ERROR' }),
  'status-404': ({ response }) => json(response, 404, { error: "model 'MARK-ERROR' not found" }),
  'status-429': ({ response }) => json(response, 429, { error: 'slow down MARK-ERROR' }),
  'html-error': ({ response }) => html(response),
  'broken-json': ({ response }) => json(response, 200, '{"message": ['),
  hang: ({ response }) => hang(response),
  'hang-stream': beginning(hang),
  'cut-stream': beginning((response) => response.destroy()),
  'short-stream': beginning((response) => response.end()),
  'error-stream': beginning((response) => response.end(line({ error: 'out of memory MARK-ERROR' }))),
};
