import type { ServerResponse } from 'node:http';
import {
  type Body,
  type Call,
  FRAMEWORKS_KEEP_ALIVE_MILLIS,
  json,
  startProviderServer,
} from './provider-server';
import type { ProviderServer } from './provider-suite';

/** Tokens an app was told it used. */
export interface Tokens {
  input: number;
  output: number;
}

export interface RagProvider extends ProviderServer {
  /** What has been sent since the last call. */
  takeTokens(): Record<'chat' | 'embeddings', Tokens>;
}

/**
 * OpenAI on loopback, written from the published reference, for apps that retrieve and loop: embeddings tell texts
 * apart, and whoever asks about the weather with tools at hand is answered with a call of the first one. Every answer
 * says what it used, streams as well, and that is kept.
 */
export async function startRagProvider(): Promise<RagProvider> {
  let sent = nothing();
  const count: Count = (kind, usage) => {
    sent[kind].input += Number(usage.prompt_tokens);
    sent[kind].output += Number(usage.completion_tokens ?? 0);
  };
  const server = await startProviderServer((asked, response) => {
    if (String(asked.body.model).startsWith('status-')) return refuse(asked, response);
    if (asked.path.endsWith('/embeddings')) return embed(asked, response, count);
    (asked.body.stream ? stream : chat)(asked, response, count);
  }, FRAMEWORKS_KEEP_ALIVE_MILLIS);
  return {
    ...server,
    url: `${server.url}/v1`,
    takeTokens() {
      const taken = sent;
      sent = nothing();
      return taken;
    },
  };
}

type Count = (kind: 'chat' | 'embeddings', usage: Body) => void;

const nothing = () => ({ chat: { input: 0, output: 0 }, embeddings: { input: 0, output: 0 } });

function refuse({ body }: Call, response: ServerResponse): void {
  const status = Number(String(body.model).slice('status-'.length));
  json(response, status, { error: { message: `MARK-ERROR ${body.model}`, type: 'bad', code: 'code_1' } });
}

function embed({ body }: Call, response: ServerResponse, count: Count): void {
  const texts = [body.input].flat().map(String);
  const data = texts.map((text, index) => ({
    object: 'embedding',
    index,
    embedding:
      body.encoding_format === 'base64'
        ? Buffer.from(new Float32Array(vectorOf(text)).buffer).toString('base64')
        : vectorOf(text),
  }));
  const prompt_tokens = texts.length * 4;
  const usage = { prompt_tokens, total_tokens: prompt_tokens };
  count('embeddings', usage);
  json(response, 200, { object: 'list', model: body.model, data, usage });
}

/** How often it has which vowel, and one more, so that no two are at right angles. */
const vectorOf = (text: string): number[] => [
  1,
  ...[...'aeiou'].map((vowel) => text.toLowerCase().split(vowel).length - 1),
];

const WEATHER = '{"city":"MARK-ARGS"}';

/** The name of the tool to call; undefined where it is time for an answer. */
function wantedTool({ body }: Call): string | undefined {
  const messages = body.messages as Body[];
  const last = messages.at(-1);
  const names = ((body.tools as Body[] | undefined) ?? []).map(
    (tool) => (tool.function as Body | undefined)?.name as string,
  );
  const hasAnswers = last?.role === 'tool';
  // Whoever can hand over does, unless that has been done.
  const wasHandedOver = JSON.stringify(messages).includes('is now handling');
  if (names.includes('handOff') && !wasHandedOver && !hasAnswers) return 'handOff';
  const asksForWeather = /weather/.test(JSON.stringify(messages.filter(({ role }) => role === 'user')));
  return !hasAnswers && asksForWeather ? names.find((name) => name !== 'handOff') : undefined;
}

const argumentsFor = (tool: string): string =>
  tool === 'handOff'
    ? '{"toAgent":"Forecaster","reason":"MARK-REASON"}'
    : tool === 'knowledge'
      ? '{"query":"MARK-ARGS"}'
      : WEATHER;

function head(body: Body, object: string): Body {
  return { id: 'chatcmpl-1', object, created: 1_700_000_000, model: `${body.model}-2026-01-01` };
}

function usageOf({ body }: Call, text: string): Body {
  const prompt_tokens = 10 + (body.messages as Body[]).length;
  const completion_tokens = text.length % 7;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function answerTo({ body }: Call): string {
  const text = JSON.stringify(body.messages);
  if (/Thought:/.test(text)) {
    return /Observation: MARK/.test(text)
      ? 'Thought: I can answer.\nAnswer: MARK-ANSWER'
      : `Thought: I need a tool.\nAction: weather\nInput: ${WEATHER}`;
  }
  return 'MARK-ANSWER from the model';
}

function chat(asked: Call, response: ServerResponse, count: Count): void {
  const tool = wantedTool(asked);
  const text = answerTo(asked);
  const usage = usageOf(asked, tool ?? text);
  const call = tool && {
    id: 'call_1',
    type: 'function',
    function: { name: tool, arguments: argumentsFor(tool) },
  };
  const message = { role: 'assistant', content: call ? null : text, ...(call && { tool_calls: [call] }) };
  const choices = [{ index: 0, message, finish_reason: call ? 'tool_calls' : 'stop' }];
  count('chat', usage);
  json(response, 200, { ...head(asked.body, 'chat.completion'), choices, usage });
}

function stream(asked: Call, response: ServerResponse, count: Count): void {
  const { body } = asked;
  const tool = wantedTool(asked);
  const text = answerTo(asked);
  const usage = usageOf(asked, tool ?? text);
  const deltas = tool
    ? [
        {
          tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: tool, arguments: '' } }],
        },
        ...(argumentsFor(tool).match(/.{1,9}/g) ?? []).map((part) => ({
          tool_calls: [{ index: 0, function: { arguments: part } }],
        })),
      ]
    : (text.match(/.{1,12}/gs) ?? []).map((content) => ({ content }));
  const event = (more: Body): void =>
    void response.write(`data: ${JSON.stringify({ ...head(body, 'chat.completion.chunk'), ...more })}\n\n`);
  const choice = (delta: Body, finish_reason: string | null) => ({
    choices: [{ index: 0, delta, finish_reason }],
  });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  event(choice({ role: 'assistant', content: '' }, null));
  for (const delta of deltas) event(choice(delta, null));
  event(choice({}, tool ? 'tool_calls' : 'stop'));
  if ((body.stream_options as Body | undefined)?.include_usage) {
    count('chat', usage);
    event({ choices: [], usage });
  }
  response.end('data: [DONE]\n\n');
}
