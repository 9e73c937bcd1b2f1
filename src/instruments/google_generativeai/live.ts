import { safely } from '../../config/safely';
import { followed } from '../../telemetry/follow';
import { ATTR } from '../genai/attributes';
import { serverOf } from '../genai/providers';
import { asArray, asDict, asString, type Dict } from '../genai/read';
import type { Message, ModelRequest, Sender } from '../genai/types';
import { beginCall } from '../kit/begin';
import type { ModelCall } from '../kit/model-call';
import { unchangedRequest } from '../kit/provider-request';
import { type Step, startStep } from '../kit/step';
import type { Wrap, Wrapper } from '../kit/wrap';
import { contentMessages } from '../shapes/gemini/content';
import { modelName } from '../shapes/gemini/fields';
import { generateContent } from '../shapes/gemini/operations';
import { GenerateAccumulator } from '../shapes/gemini/stream';
import { senderOf } from './genai';

/**
 * Live sessions: a connection is a span, and each turn of the model a model call below it, from what was sent (or,
 * with audio, from the first the model says) until the model has finished, was interrupted or wants a tool.
 */
export function patchLive(instrument: string, wrap: Wrap, { Live, Session }: Dict): void {
  if (typeof Live !== 'function' || typeof Session !== 'function') return;
  wrap(Live.prototype as object, 'connect', connecting(instrument));
  const sent: Record<string, (session: LiveSession, params: Dict) => void> = {
    sendClientContent(session, params) {
      session.heard.push(...contentMessages(params.turns));
      if (params.turnComplete !== false) startTurn(session);
    },
    sendToolResponse(session, params) {
      const responses = asArray(params.functionResponses) ?? [params.functionResponses];
      const parts = responses.map((functionResponse) => ({ functionResponse }));
      session.heard.push(...contentMessages({ role: 'user', parts }));
      startTurn(session);
    },
    sendRealtimeInput(session, { text }) {
      if (typeof text === 'string') session.heard.push(...contentMessages(text));
    },
  };
  for (const [method, onSent] of Object.entries(sent)) {
    wrap(Session.prototype as object, method, sending(onSent));
  }
}

interface LiveSession {
  instrument: string;
  step: Step;
  sender: Sender;
  params: Dict;
  /** What was said to the model since its last turn. */
  heard: Message[];
  turn?: { call: ModelCall; said: GenerateAccumulator };
}

const sessions = new WeakMap<object, LiveSession>();

function connecting(instrument: string): Wrapper {
  const where = `the ${instrument} instrument`;
  return (original) => {
    const connect = unchangedRequest(instrument)(original);
    return function (this: unknown, ...args: unknown[]) {
      const [given, ...rest] = args;
      const session = safely(where, () => begin(instrument, this, given));
      const watched = session && safely(where, () => watchedParams(session));
      if (!session || !watched) return original.apply(this, args);
      const result = session.step.run(() => connect.apply(this, [watched, ...rest]));
      if (!(result instanceof Promise)) return result;
      return followed(
        result,
        (connected) => sessions.set(connected as object, session),
        (error) => session.step.fail(error),
      );
    };
  };
}

function begin(instrument: string, self: unknown, given: unknown): LiveSession | undefined {
  const params = asDict(given);
  if (!params || !asDict(params.callbacks)) return undefined;
  const sender = senderOf(self);
  const server = serverOf(sender.baseURL);
  const attributes = {
    [ATTR.operationName]: 'live_session',
    [ATTR.providerName]: sender.provider,
    [ATTR.requestModel]: modelName(params.model),
    [ATTR.serverAddress]: server?.address,
    [ATTR.serverPort]: server?.port,
  };
  const step = startStep({ instrument, name: `${instrument}.live`, attributes: () => attributes });
  return { instrument, step, sender, params, heard: [] };
}

/** The app's parameters with callbacks that are watched; what the SDK writes into them is written into the app's. */
function watchedParams(session: LiveSession): Dict {
  const { params } = session;
  const watched: Dict = { ...params, callbacks: watchedCallbacks(session, params.callbacks as Dict) };
  Object.defineProperty(watched, 'config', {
    enumerable: true,
    get: () => params.config,
    set: (value) => {
      params.config = value;
    },
  });
  return watched;
}

function watchedCallbacks(session: LiveSession, callbacks: Dict): Dict {
  const watched: Dict = {};
  const watch = (name: string, onEvent: (event: unknown) => void) => {
    Object.defineProperty(watched, name, {
      enumerable: true,
      get: () => {
        const callback = callbacks[name];
        if (typeof callback !== 'function' && name !== 'onclose') return callback;
        return function (this: unknown, ...args: unknown[]) {
          safely('a live session', () => onEvent(args[0]));
          if (typeof callback !== 'function') return undefined;
          const self = this === watched ? callbacks : this;
          return session.step.run(() => Reflect.apply(callback, self, args) as unknown);
        };
      },
    });
  };
  watch('onopen', () => {});
  watch('onmessage', (message) => onMessage(session, asDict(message) ?? {}));
  watch('onerror', () => {});
  watch('onclose', () => {
    endTurn(session);
    session.step.succeed();
  });
  return watched;
}

function sending(onSent: (session: LiveSession, params: Dict) => void): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const session = sessions.get(this as object);
      if (session) safely('a live session', () => onSent(session, asDict(args[0]) ?? {}));
      return original.apply(this, args);
    };
}

function startTurn(session: LiveSession): void {
  endTurn(session);
  const { instrument, step, heard } = session;
  session.heard = [];
  const name = `${instrument}.${generateContent.spanSuffix}`;
  const call = step.run(() =>
    beginCall(
      { instrument, name },
      () => turnRequest(session, heard),
      () => generateContent.request({}, session.sender),
    ),
  );
  const said = new GenerateAccumulator();
  session.turn = { call, said };
  call.otherwise(() => ({ response: said.response() }));
}

function turnRequest({ params, sender }: LiveSession, messages: Message[]): ModelRequest {
  const config = asDict(params.config);
  const body = {
    model: params.model,
    stream: true,
    systemInstruction: config?.systemInstruction,
    tools: config?.tools,
    generationConfig: { ...asDict(config?.generationConfig), ...config },
  };
  return { ...generateContent.request(body, sender), messages };
}

function onMessage(session: LiveSession, { serverContent, toolCall, usageMetadata }: Dict): void {
  const content = asDict(serverContent);
  const transcribed = asString(asDict(content?.inputTranscription)?.text);
  if (transcribed) session.heard.push(...contentMessages(transcribed));
  const calls = asArray(asDict(toolCall)?.functionCalls) ?? [];
  const parts = [
    ...(asArray(asDict(content?.modelTurn)?.parts) ?? []),
    ...(content?.outputTranscription ? [content.outputTranscription] : []),
    ...calls.map((functionCall) => ({ functionCall })),
  ];
  if (parts.length > 0 && !session.turn) startTurn(session);
  const { turn } = session;
  if (!turn) return;
  if (parts.length > 0) turn.call.chunk();
  const finishReason = finishOf(content, calls);
  turn.said.add({ candidates: [{ content: { role: 'model', parts }, finishReason }], usageMetadata });
  if (finishReason) endTurn(session);
}

/** In the provider's own words; a turn that waits for a tool goes on with its result. */
function finishOf(content: Dict | undefined, calls: unknown[]): string | undefined {
  if (calls.length > 0) return 'toolCall';
  return ['interrupted', 'turnComplete'].find((name) => content?.[name] === true);
}

function endTurn(session: LiveSession): void {
  const { turn } = session;
  session.turn = undefined;
  turn?.call.succeed(turn.said.response());
}
