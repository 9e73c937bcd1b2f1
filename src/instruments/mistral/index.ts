import { asDict } from '../genai/read';
import type { Sender, WireOperation } from '../genai/types';
import { defineInstrument } from '../kit/define';
import { type ModelOperation, modelMethodOf } from '../kit/method';
import { unchangedRequest } from '../kit/provider-request';
import { followSource, observeSources } from '../kit/stream-source';
import { patch } from '../kit/wrap';
import { chat, fim } from '../shapes/mistral/chat';
import { conversations } from '../shapes/mistral/conversations';
import { classification, embeddings, moderation, ocr } from '../shapes/mistral/other-operations';
import { toWire } from '../shapes/mistral/wire';
import { giveWayFor, watchRegisteredProvider } from './native';

/** Methods that answer with a stream. */
const STREAMS = new Set(['stream', 'parseStream', 'startStream', 'appendStream', 'restartStream']);

/**
 * Which method of which class is which operation, for `@mistralai/mistralai` 1 and 2. None of them calls another:
 * `parse` is no helper around `complete`.
 */
const METHODS: Record<string, Record<string, () => WireOperation>> = {
  Chat: { complete: () => chat, stream: () => chat, parse: () => chat, parseStream: () => chat },
  Agents: { complete: () => chat, stream: () => chat },
  Fim: { complete: () => fim, stream: () => fim },
  Embeddings: { create: () => embeddings },
  Classifiers: {
    moderate: () => moderation,
    moderateChat: () => moderation,
    classify: () => classification,
    classifyChat: () => classification,
  },
  Ocr: { process: () => ocr },
  Conversations: {
    ...{ start: () => conversations, append: () => conversations, restart: () => conversations },
    ...{
      startStream: () => conversations,
      appendStream: () => conversations,
      restartStream: () => conversations,
    },
  },
};

export const instrument = defineInstrument({
  id: 'mistral',
  patchModule({ exports }) {
    watchRegisteredProvider(exports.getRegisteredTracerProvider);
    patch((wrap, undoable) => {
      for (const [name, exported] of Object.entries(exports)) {
        if (typeof exported !== 'function') continue;
        const prototype = exported.prototype as object;
        if (name === 'ClientSDK') wrap(prototype, '_do', unchangedRequest('mistral'));
        if (name === 'EventStream') undoable(observeSources(exported, 'mistral'));
        for (const [method, operation] of Object.entries(METHODS[name] ?? {})) {
          wrap(
            prototype,
            method,
            modelMethodOf('mistral', () => sdkMethod(operation(), STREAMS.has(method))),
          );
        }
      }
    });
  },
});

function sdkMethod(operation: WireOperation, streams: boolean): ModelOperation {
  return {
    instrument: 'mistral',
    name: `mistral.${operation.spanSuffix}`,
    request: ([request, options], self) => {
      giveWayFor(self);
      return operation.request(
        { ...bodyOf(request), ...(streams && { stream: true }) },
        senderOf(self, options),
      );
    },
    response: (answer) => operation.response(toWire(answer)),
    accumulator:
      operation.accumulator &&
      (() => {
        const accumulator = operation.accumulator!();
        return {
          // Events of the stream: `{ data }`, from version 2 on with its name beside it.
          add: (event) => accumulator.add(toWire(asDict(event)?.data)),
          response: () => accumulator.response(),
        };
      }),
    followStream: followSource,
  };
}

function bodyOf(request: unknown): Record<string, unknown> {
  const { inputs, ...body } = asDict(toWire(request)) ?? {};
  // In appends and restarts of conversations the body is beside the id.
  const nested = Object.entries(body).find(([name]) => /^conversation_\w+_request$/.test(name))?.[1];
  return { ...(inputs !== undefined && { input: inputs, inputs }), ...body, ...asDict(nested) };
}

function senderOf(client: unknown, options: unknown): Sender {
  return { baseURL: asDict(options)?.serverURL ?? asDict(client)?._baseURL };
}
