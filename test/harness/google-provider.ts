import { readFileSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { fixtures } from './paths';
import { isGivenUpByClock, keepWaiting } from './provider-server';
import type { ProviderServer } from './provider-suite';

/**
 * The Gemini API and Vertex AI on loopback. Models whose names say so misbehave or answer with details aimock has
 * no words for (thoughts, cached tokens, several candidates, broken streams); everything else is aimock's.
 */
export async function startGoogleProvider({ tls = false } = {}): Promise<ProviderServer> {
  const aimock = await startAimock();
  const requests: string[] = [];
  const waiting = keepWaiting();
  const attempts = new Map<string, number>();
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const path = request.url ?? '';
      if (waiting.takes(path, response)) return;
      const asked = `${path} ${raw.toString('latin1')}`;
      waiting.tell(asked);
      if (!isGivenUpByClock(asked)) requests.push(recorded(request, raw));
      // The SDKs hand headers on, and two runs are compared.
      response.sendDate = false;
      const call = callOf(path, parsed(raw));
      if (call.model === 'flaky') {
        const attempt = (attempts.get(raw.toString()) ?? 0) + 1;
        attempts.set(raw.toString(), attempt);
        if (attempt % 2 === 1) return fail(429, 'slow down')(call, response);
      }
      const answer = answerTo(call);
      if (answer) answer(call, response);
      else forward(aimock.url, request, raw, response);
    });
  };
  const server = tls
    ? createTlsServer({ key: pem('key'), cert: pem('cert') }, listener)
    : createServer(listener);
  serveLive(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeRequests() {
      waiting.clear();
      return requests.splice(0).sort();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await aimock.stop();
    },
  };
}

interface WebSocket {
  on(event: 'message', listener: (data: Buffer) => void): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** `ws` of the SDKs themselves. */
const { WebSocketServer } = createRequire(join(fixtures, 'sdks/google/package.json'))('ws') as {
  WebSocketServer: new (options: {
    server: Server;
  }) => { on(event: 'connection', listener: (socket: WebSocket) => void): void };
};

/** Live sessions: a turn for each content that is complete, each text of real time and each result of a tool. */
function serveLive(server: Server): void {
  new WebSocketServer({ server }).on('connection', (socket) => {
    const send = (message: Body) => socket.send(JSON.stringify(message));
    const say = (...parts: Body[]) => {
      for (const part of parts) send({ serverContent: { modelTurn: { role: 'model', parts: [part] } } });
      const usageMetadata = {
        promptTokenCount: 11,
        responseTokenCount: 7,
        thoughtsTokenCount: 3,
        totalTokenCount: 21,
      };
      send({ serverContent: { generationComplete: true } });
      send({ serverContent: { turnComplete: true }, usageMetadata });
    };
    socket.on('message', (data) => {
      const { setup, clientContent, toolResponse, realtimeInput } = parsed(data);
      const asked = JSON.stringify(clientContent ?? realtimeInput ?? {});
      if (setup && JSON.stringify(setup).includes('refused')) return socket.close(1008, 'MARK-ERROR refused');
      if (setup) return send({ setupComplete: {} });
      if ((clientContent as Body | undefined)?.turnComplete === false) return;
      if (asked.includes('tool')) {
        return send({ toolCall: { functionCalls: [{ id: 'call_1', ...CALL.functionCall }] } });
      }
      if (asked.includes('interrupt')) {
        send({ serverContent: { modelTurn: { parts: [{ text: 'MARK-PARTIAL' }] } } });
        return send({ serverContent: { interrupted: true } });
      }
      if (asked.includes('listen')) {
        const audio = { inlineData: { mimeType: 'audio/pcm', data: 'AAAA' } };
        send({ serverContent: { inputTranscription: { text: 'MARK-HEARD' } } });
        send({ serverContent: { outputTranscription: { text: 'MARK-SPOKEN' } } });
        return say(audio, audio);
      }
      if (asked.includes('hang up')) {
        send({ serverContent: { modelTurn: { parts: [{ text: 'MARK-PARTIAL' }] } } });
        return socket.close(1011, 'MARK-ERROR');
      }
      if (clientContent || toolResponse || realtimeInput) say({ text: 'MARK-' }, { text: 'ANSWER' });
    });
  });
}

const pem = (name: string): string => readFileSync(join(fixtures, 'http', `${name}.pem`), 'utf8');

type Body = Record<string, unknown>;
interface Call {
  model: string;
  method: string;
  stream: boolean;
  body: Body;
}
type Answer = (call: Call, response: ServerResponse) => void;

function callOf(url: string, body: Body): Call {
  const [, model = '', method = ''] = /\/models\/([^/:]+):(\w+)/.exec(url) ?? [];
  const isInteraction = /\/interactions$/.test(url);
  return {
    model: decodeURIComponent(model || String(body.model ?? '')),
    method: isInteraction ? 'interactions' : method,
    stream: method === 'streamGenerateContent' || body.stream === true,
    body,
  };
}

function answerTo({ model, method }: Call): Answer | undefined {
  if (method === 'interactions') return model.startsWith('aimock') ? undefined : interaction;
  if (MODELS[model]) return MODELS[model];
  return /^(chat|parallel|flaky|gemini)/.test(model) ? generate : METHODS[method];
}

/** Request line, headers in their order and spelling, body. */
function recorded(request: IncomingMessage, raw: Buffer): string {
  const headers: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  }
  return `${request.method} ${request.url}\n${headers.join('\n')}\n\n${raw.toString('latin1')}`;
}

function parsed(raw: Buffer): Body {
  try {
    return (JSON.parse(raw.toString('utf8')) ?? {}) as Body;
  } catch {
    return {};
  }
}

async function startAimock(): Promise<LLMock> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' });
  const usage = { prompt_tokens: 21, completion_tokens: 9, total_tokens: 30 };
  const weather = { name: 'weather', arguments: '{"city":"MARK-ARGS"}', id: 'call_1' };
  mock.on({ model: 'aimock-tools' }, { toolCalls: [weather] });
  mock.on({ model: 'aimock-1' }, { content: 'MARK-ANSWER', usage });
  await mock.start();
  return mock;
}

function forward(aimock: string, request: IncomingMessage, raw: Buffer, response: ServerResponse): void {
  // The SDK's third generation asks for the stable API, of which aimock has the beta alone.
  const target = new URL((request.url ?? '/').replace(/^\/v1\/models/, '/v1beta/models'), aimock);
  const upstream = send(target, { method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  upstream.end(raw);
}

const USAGE = {
  promptTokenCount: 11,
  candidatesTokenCount: 7,
  totalTokenCount: 23,
  cachedContentTokenCount: 4,
  thoughtsTokenCount: 3,
  toolUsePromptTokenCount: 2,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: 11 }],
};

const head = ({ model }: Call): Body => ({ responseId: 'resp-1', modelVersion: `${model}-001` });

function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const candidate = (parts: Body[], more: Body = {}): Body => ({
  content: { role: 'model', parts },
  index: 0,
  ...more,
});

const event = (chunk: Body): string => `data: ${JSON.stringify(chunk)}\r\n\r\n`;

const THOUGHT = { text: 'MARK-REASONING', thought: true };

const generate: Answer = (call, response) => {
  if (call.method === 'embedContent' || call.method === 'batchEmbedContents') return embed(call, response);
  if (call.method === 'countTokens') return json(response, 200, { totalTokens: 11 });
  if (call.stream) return stream(call, response, [[THOUGHT], [{ text: 'MARK-' }], [{ text: 'ANSWER' }]]);
  const count = Number((call.body.generationConfig as Body | undefined)?.candidateCount ?? 1);
  const candidates = Array.from({ length: count }, (_, index) =>
    candidate([THOUGHT, { text: `MARK-ANSWER ${index}` }], { index, finishReason: 'STOP' }),
  );
  json(response, 200, { ...head(call), candidates, usageMetadata: USAGE });
};

function stream(call: Call, response: ServerResponse, parts: Body[][]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const [last = [], ...before] = [...parts].reverse();
  for (const some of before.reverse()) {
    // As the API has it: counts so far on every chunk.
    const usageMetadata = { promptTokenCount: 11, totalTokenCount: 11 };
    response.write(event({ ...head(call), candidates: [candidate(some)], usageMetadata }));
  }
  const end = candidate(last, { finishReason: 'STOP' });
  response.end(event({ ...head(call), candidates: [end], usageMetadata: USAGE }));
}

/** One answer, in one chunk where it is asked for as a stream. */
function answered(parts: Body[], more: Body = {}, rest: Body = { usageMetadata: USAGE }): Answer {
  return (call, response) => {
    const body = {
      ...head(call),
      candidates: [candidate(parts, { finishReason: 'STOP', ...more })],
      ...rest,
    };
    if (!call.stream) return json(response, 200, body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(event(body));
  };
}

const CALL = { functionCall: { name: 'weather', args: { city: 'MARK-ARGS' } } };
const callTool = answered([CALL]);

function fail(status: number, text: string): Answer {
  return ({ model }, response) => {
    const error = { code: status, message: `${text} MARK-ERROR ${model}`, status: 'INVALID_ARGUMENT' };
    json(response, status, { error });
  };
}

/** The first chunk; what follows is up to `then`. */
function beginning(then: (response: ServerResponse) => void): Answer {
  return (call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = { ...head(call), candidates: [candidate([{ text: 'MARK-PARTIAL' }])] };
    response.write(event(chunk), () => then(response));
  };
}

/** No answer, but not for ever. */
const hang: Answer = (_call, response) => void setTimeout(() => response.destroy(), 2_500).unref();

const VECTOR = [0.5, 0.25, -1, 2];

const embed: Answer = ({ method, body }, response) => {
  if (method === 'embedContent') return json(response, 200, { embedding: { values: VECTOR } });
  const requests = (body.requests as Body[] | undefined) ?? [{}];
  json(response, 200, { embeddings: requests.map(() => ({ values: VECTOR })) });
};

const predict: Answer = ({ body, model }, response) => {
  if (/^embed/.test(model)) {
    const statistics = { token_count: 5, truncated: false };
    const predictions = (body.instances as Body[]).map(() => ({
      embeddings: { values: VECTOR, statistics },
    }));
    return json(response, 200, { predictions, metadata: { billableCharacterCount: 9 } });
  }
  const image = { mimeType: 'image/png', bytesBase64Encoded: 'aGVsbG8=' };
  json(response, 200, { predictions: [image, { raiFilteredReason: 'MARK-FILTERED' }] });
};

const METHODS: Record<string, Answer> = {
  predict,
  embedContent: embed,
  batchEmbedContents: embed,
  countTokens: generate,
  predictLongRunning: (_call, response) => json(response, 200, { name: 'models/veo-1/operations/op1' }),
};

/** A three-byte character and a JSON token, each cut in two. */
const splitStream: Answer = (call, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const whole = {
    ...head(call),
    candidates: [candidate([{ text: 'MARK-€' }], { finishReason: 'STOP' })],
    usageMetadata: USAGE,
  };
  const bytes = Buffer.from(event(whole));
  const character = bytes.indexOf('€') + 1;
  const token = bytes.indexOf('"finishReason"') + 5;
  const [first, second] = [character, token].sort((a, b) => a - b) as [number, number];
  response.write(bytes.subarray(0, first), () =>
    setImmediate(() =>
      response.write(bytes.subarray(first, second), () =>
        setImmediate(() => response.end(bytes.subarray(second))),
      ),
    ),
  );
};

const MODELS: Record<string, Answer> = {
  'tools-1': (call, response) =>
    call.stream ? stream(call, response, [[{ text: 'MARK-SAID ' }], [CALL]]) : callTool(call, response),
  'loop-1': (call, response) => {
    const isAnswered = JSON.stringify(call.body.contents).includes('functionResponse');
    (isAnswered ? generate : callTool)(call, response);
  },
  'json-1': answered([{ text: '{"answer":"MARK-ANSWER"}' }]),
  'length-1': answered([{ text: '{"ans' }], { finishReason: 'MAX_TOKENS' }),
  'image-1': answered([{ inlineData: { mimeType: 'image/png', data: 'aGVsbG8=' } }]),
  'code-1': answered([
    { executableCode: { language: 'PYTHON', code: 'print("MARK-CODE")' } },
    { codeExecutionResult: { outcome: 'OUTCOME_OK', output: 'MARK-OUTPUT' } },
    { text: 'MARK-ANSWER' },
  ]),
  'unknown-1': answered([{ novelty: { word: 'MARK-NOVELTY' } }, { text: 'MARK-ANSWER' }]),
  'no-usage': answered([{ text: 'MARK-ANSWER' }], {}, {}),
  'zero-usage': answered(
    [{ text: 'MARK-ANSWER' }],
    {},
    { usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 } },
  ),
  'blocked-1': (call, response) => {
    const body = {
      ...head(call),
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 11 },
    };
    if (!call.stream) return json(response, 200, body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(event(body));
  },
  'no-candidates': (call, response) => json(response, 200, { ...head(call) }),
  'status-400': fail(400, 'no such thing'),
  'status-429': fail(429, 'slow down'),
  'status-500': fail(500, 'sorry'),
  'html-page': (_call, response) => {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end('<html>MARK-ERROR</html>');
  },
  'broken-json': (_call, response) => json(response, 200, '{"candidates": ['),
  hang,
  'hang-stream': beginning((response) => hang({ model: '', method: '', stream: true, body: {} }, response)),
  'cut-stream': beginning((response) => response.destroy()),
  'error-stream': beginning((response) => {
    const error = { code: 503, message: 'MARK-ERROR overloaded', status: 'UNAVAILABLE' };
    response.end(event({ error }));
  }),
  'broken-stream': beginning((response) => response.end('data: {"candidates": [\r\n\r\n')),
  'split-stream': splitStream,
};

const INTERACTION_USAGE = {
  total_input_tokens: 11,
  total_output_tokens: 7,
  total_thought_tokens: 3,
  total_cached_tokens: 4,
  total_tool_use_tokens: 2,
  total_tokens: 23,
};

/** Contents in the answer of the first generation of this API, steps in that of the second: clients read their own. */
const interaction: Answer = (call, response) => {
  if (call.model === 'status-400') return fail(400, 'no such thing')(call, response);
  const about = { id: 'interaction-1', object: 'interaction', model: call.model, role: 'model' };
  const times = { created: '2026-01-01T00:00:00Z', updated: '2026-01-01T00:00:00Z' };
  const text = { type: 'text', text: 'MARK-ANSWER' };
  const weather = { type: 'function_call', id: 'call_1', name: 'weather', arguments: { city: 'MARK-ARGS' } };
  const said = call.model === 'tools-1' ? weather : text;
  const step = call.model === 'tools-1' ? weather : { type: 'model_output', content: [text] };
  const status = call.model === 'tools-1' ? 'requires_action' : 'completed';
  const done = { ...about, ...times, status, usage: INTERACTION_USAGE };
  if (!call.stream) {
    const thought = { type: 'thought', summary: [{ type: 'text', text: 'MARK-REASONING' }] };
    return json(response, 200, { ...done, outputs: [thought, said], steps: [thought, step] });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const isOld = call.model === 'contents-1';
  const events: Body[] = isOld
    ? [
        { event_type: 'interaction.start', interaction: { ...about, ...times, status: 'in_progress' } },
        { event_type: 'content.start', index: 0, content: { type: 'text', text: '' } },
        { event_type: 'content.delta', index: 0, delta: { type: 'text', text: 'MARK-' } },
        { event_type: 'content.delta', index: 0, delta: { type: 'text', text: 'ANSWER' } },
        { event_type: 'content.stop', index: 0 },
        { event_type: 'interaction.complete', interaction: done },
      ]
    : [
        { event_type: 'interaction.created', interaction: { ...about, ...times, status: 'in_progress' } },
        { event_type: 'step.start', index: 0, step: { type: 'thought' } },
        {
          event_type: 'step.delta',
          index: 0,
          delta: { type: 'thought_summary', content: { type: 'text', text: 'MARK-REASONING' } },
        },
        { event_type: 'step.stop', index: 0 },
        { event_type: 'step.start', index: 1, step: { type: 'model_output' } },
        { event_type: 'step.delta', index: 1, delta: { type: 'text', text: 'MARK-' } },
        { event_type: 'step.delta', index: 1, delta: { type: 'text', text: 'ANSWER' } },
        { event_type: 'step.stop', index: 1 },
        { event_type: 'interaction.completed', interaction: done },
      ];
  for (const one of events) response.write(`event: ${one.event_type}\ndata: ${JSON.stringify(one)}\n\n`);
  response.end();
};
