import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import {
  CHANNEL_CONSUME_TIMEOUT_TIMER,
  CHANNEL_SPANS_NOT_ENDED,
  CONNECTION_ATTRIBUTES,
  MESSAGE_STORED_SPAN,
} from '@opentelemetry/instrumentation-amqplib/build/src/utils';
import { type Span, SpanStatusCode } from '../../telemetry/api';
import { copied, hidden, isObject } from './copied';
import { instrumentation } from './instrumentation';

type Method = (this: object, ...args: unknown[]) => unknown;
type Patch = (version: string | undefined, original: Method) => Method;

interface Patches {
  getConnectPatch(original: Method): Method;
  getConsumePatch: Patch;
  getPublishPatch: Patch;
  getConfirmedPublishPatch: Patch;
  createPublishSpan(...args: unknown[]): { span: Span; modifiedOptions: object };
}

export const instrument = instrumentation('amqplib', () => {
  const made = new AmqplibInstrumentation();
  const patches = made as unknown as Patches;
  publishing(patches);
  consuming(patches);
  return made;
});

/** Headers are put into a copy of the options, and a span ends where the client refuses what is published. */
function publishing(patches: Patches): void {
  const { createPublishSpan } = patches;
  const last: { span?: Span } = {};
  patches.createPublishSpan = (self, exchange, key, channel, options) => {
    const given = (isObject(options) ? options : {}) as { headers?: unknown };
    const headers = isObject(given.headers) ? copied(given.headers) : {};
    const made = createPublishSpan.call(patches, self, exchange, key, channel, copied(given, { headers }));
    last.span = made.span;
    return made;
  };
  for (const name of ['getPublishPatch', 'getConfirmedPublishPatch'] as const) {
    const patchOf = patches[name];
    patches[name] = (version, original) => {
      const traced = patchOf.call(patches, version, original);
      return function (...args) {
        last.span = undefined;
        try {
          return traced.apply(this, args);
        } catch (error) {
          const message = error instanceof Error ? error.message : undefined;
          end(last.span, message);
          throw error;
        }
      };
    };
  }
}

function end(span: Span | undefined, message: string | undefined): void {
  span?.setStatus({ code: SpanStatusCode.ERROR, message }).end();
}

/** What is kept on messages, channels and connections is not seen; a consumer that is none is the client's to refuse. */
function consuming(patches: Patches): void {
  const { getConsumePatch, getConnectPatch } = patches;
  patches.getConsumePatch = (version, original) => {
    const traced = getConsumePatch.call(patches, version, original);
    return function (queue, onMessage, ...rest) {
      if (typeof onMessage !== 'function') return original.call(this, queue, onMessage, ...rest);
      const onHidden: Method = function (message) {
        if (isObject(message)) hidden(message, MESSAGE_STORED_SPAN);
        return onMessage.call(this, message);
      };
      const answer = traced.call(this, queue, onHidden, ...rest);
      hidden(this, CHANNEL_SPANS_NOT_ENDED, CHANNEL_CONSUME_TIMEOUT_TIMER);
      return answer;
    };
  };
  patches.getConnectPatch = (original) => {
    const traced = getConnectPatch.call(patches, original);
    return function (url, options, opened) {
      if (typeof opened !== 'function') return original.call(this, url, options, opened);
      return traced.call(this, url, options, function (this: unknown, error: unknown, connection: unknown) {
        if (isObject(connection)) hidden(connection, CONNECTION_ATTRIBUTES);
        return opened.call(this, error, connection);
      });
    };
  };
}
