import type { ServerResponse } from 'node:http';
import { type Body, type Call, hang, html, json, startProviderServer } from './provider-server';
import type { ProviderServer } from './provider-suite';

type Answer = (call: Call) => void;

/** What becomes of the predictions of a model, one step each time somebody asks. */
const LIVES: Record<string, Body[]> = {
  text: [
    { status: 'starting' },
    { status: 'processing', output: ['MARK-'] },
    { status: 'succeeded', output: ['MARK-', 'ANSWER grüße 🌍'], metrics: counted(11, 7) },
  ],
  done: [{ status: 'succeeded', output: ['MARK-', 'ANSWER'], metrics: counted(11, 7) }],
  zero: [{ status: 'succeeded', output: [], metrics: counted(0, 0) }],
  image: [{ status: 'succeeded', output: ['data:image/png;base64,AAAA'], metrics: { predict_time: 0.5 } }],
  file: [{ status: 'succeeded', output: 'https://replicate.delivery/MARK/out.webp', metrics: null }],
  object: [{ status: 'succeeded', output: { answer: 'MARK-ANSWER', scores: [0.5] } }],
  fails: [{ status: 'starting' }, { status: 'failed', error: 'out of memory MARK-ERROR', output: null }],
  'fails-at-once': [{ status: 'failed', error: 'out of memory MARK-ERROR', output: null }],
  'runs-on': [{ status: 'starting' }],
  'gets-lost': [{ status: 'starting' }, { status: 'lost' }],
};

function counted(input: number, output: number): Body {
  return { predict_time: 0.25, total_time: 0.5, input_token_count: input, output_token_count: output };
}

/** Replicate's API as its OpenAPI description has it; the model's name says how its predictions go. */
export async function startReplicateProvider(): Promise<ProviderServer> {
  const lives = new Map<string, Body[]>();
  const made = new Map<string, number>();
  /** Not from one row for all: of two parallel calls either may be first. */
  const nextId = (model: string): string => {
    const count = (made.get(model) ?? 0) + 1;
    made.set(model, count);
    return `${model}_${count}`.replaceAll('-', '_');
  };
  const provider = await startProviderServer((call) => answer(call, lives, nextId));
  return {
    ...provider,
    takeRequests() {
      made.clear();
      lives.clear();
      return provider.takeRequests();
    },
  };
}

type Lives = Map<string, Body[]>;

function answer(call: Call, lives: Lives, nextId: (model: string) => string): void {
  const { path, request, response, body } = call;
  const stream = /^\/stream\/([\w-]+)/.exec(path);
  if (stream) streamEvents(String(stream[1]), response);
  else if (/\/v1\/predictions\/\w+/.test(path)) known(call, lives);
  else if (/^\/v1\/files/.test(path))
    json(response, 201, { id: 'f1', urls: { get: `${call.url}/v1/files/f1` } });
  else if (/predictions$/.test(path) && request.method === 'POST') create(call, lives, nextId);
  else json(response, path === '/v1/predictions' ? 200 : 404, { results: [], body });
}

/** The model's name; versions are called after it. */
function modelOf({ path, body }: Call): string {
  return (
    /^\/v1\/(?:models|deployments)\/[^/]+\/([^/]+)/.exec(path)?.[1] ??
    String(body.version).replace(/^.*:|-v1$/g, '')
  );
}

function create(call: Call, lives: Lives, nextId: (model: string) => string): void {
  const model = modelOf(call);
  const trouble = TROUBLE[model];
  if (trouble) {
    trouble(call);
    return;
  }
  const id = nextId(model);
  const life = [...(LIVES[model] ?? LIVES.done!)];
  lives.set(id, life);
  send(call, id, life, 201, {
    model: `owner/${model}`,
    version: `${model}-v1`,
    input: call.body.input,
    urls: { get: `${call.url}/v1/predictions/${id}`, stream: `${call.url}/stream/${model}` },
  });
}

function send({ response }: Call, id: string, life: Body[], status: number, more: Body = {}): void {
  const state = life.length > 1 ? life.shift() : life[0];
  json(response, status, {
    id,
    created_at: '2026-01-02T03:04:05Z',
    error: null,
    logs: '',
    ...more,
    ...state,
  });
}

function known(call: Call, lives: Lives): void {
  const [, id = '', action] = /predictions\/(\w+)(\/cancel)?/.exec(call.path) ?? [];
  const life = lives.get(id) ?? [];
  if (life[0]?.status === 'lost') {
    json(call.response, 404, { detail: 'MARK-ERROR' });
    return;
  }
  if (action) life.splice(0, life.length, { status: 'canceled', output: null });
  send(call, id, life, 200, { model: 'owner/known' });
}

const event = (name: string, data: string, id = '1:0'): string =>
  `event: ${name}\nid: ${id}\ndata: ${data}\n\n`;
const ANSWER = event('output', 'ANSWER grüße 🌍', '2:0');
const ENDINGS: Record<string, string> = {
  'stream-canceled': ANSWER + event('done', '{"reason":"canceled"}'),
  'stream-error': event('error', 'out of memory MARK-ERROR'),
};

function streamEvents(model: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event('output', 'MARK-', '1:0'), () => {
    if (model === 'stream-hangs') hang(response);
    else if (model === 'stream-cut') response.destroy();
    else response.end(ENDINGS[model] ?? ANSWER + event('done', '{}', '3:0'));
  });
}

const fail =
  (status: number): Answer =>
  ({ response }) =>
    json(response, status, { title: 'no', detail: 'MARK-ERROR', status });

const TROUBLE: Record<string, Answer> = {
  'status-401': fail(401),
  'status-422': fail(422),
  'status-429': fail(429),
  'status-500': fail(500),
  'html-error': ({ response }) => html(response),
  'broken-json': ({ response }) => json(response, 201, '{"status": ['),
  hang: ({ response }) => hang(response),
};
