import { safely } from '../../config/safely';
import { context, SpanKind, SpanStatusCode, trace } from '../../telemetry/api';
import { enterDatabaseCall } from '../../telemetry/database-call-context';
import { telemetry } from '../../telemetry/telemetry';
import { ATTR } from '../genai/attributes';
import { recordError } from '../kit/record-error';
import { DB } from './attributes';
import { databaseErrorType, databaseStatus } from './error';
import { databaseRequestAttributes, databaseResponseAttributes, resultEvents } from './to-attributes';
import type { DatabaseRequest, DatabaseResponse } from './types';

/**
 * The life of one vector store call's span: started before the client sends anything, ended exactly once, whatever way
 * the call ends. Everything after the end is ignored. (kit/model-call.ts is the same for model calls.)
 */
export interface DatabaseCall {
  /** Runs the client's own code with the span as the active one: its requests and embeddings become children. */
  run<T>(fn: () => T): T;
  /** The call ended well; undefined where nothing is known of the answer. */
  succeed(response?: DatabaseResponse): void;
  fail(error: unknown, partial?: DatabaseResponse): void;
  /**
   * What is known, should nobody ever end the call: the process ends first, or `watched`, the object through which the
   * app could have gone on, is collected. `known` must not refer to it.
   */
  otherwise(known: () => DatabaseResponse | undefined, watched?: object): void;
}

export interface DatabaseCallOptions {
  /** The instrument's id, also its scope and db.system.name. */
  instrument: string;
  /** As the client calls the method: `searchRecords`. */
  method: string;
}

const abandoned = new FinalizationRegistry<() => void>((settle) => settle());

export function startDatabaseCall(
  { instrument, method }: DatabaseCallOptions,
  request: DatabaseRequest,
): DatabaseCall {
  const running = telemetry();
  const content = running.config.traceContent;
  const operation = operationName(method);
  const span = running.tracer(`respan.${instrument}`).startSpan(`${instrument}.${operation}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      [DB.system]: instrument,
      [DB.operation]: operation,
      // The platform has no kind for retrieval, and takes what has none for a chat.
      'respan.entity.log_type': 'task',
      ...safely('the request attributes', () => databaseRequestAttributes(request, content)),
    },
  });
  const inside = enterDatabaseCall(trace.setSpan(context.active(), span), instrument);
  let ended = false;
  let known: () => DatabaseResponse | undefined = () => undefined;

  function end(response: DatabaseResponse | undefined, finish?: () => void): void {
    if (ended) return;
    ended = true;
    running.openCalls.delete(openCall);
    safely('the response attributes', () => {
      if (!response) return;
      span.setAttributes(databaseResponseAttributes(response, content));
      for (const attributes of resultEvents(response, content)) span.addEvent(DB.resultEvent, attributes);
      if (!response.failure) return;
      const { type, message } = response.failure;
      span.setAttribute(ATTR.errorType, type);
      span.setStatus({ code: SpanStatusCode.ERROR, ...(content && message && { message }) });
    });
    if (finish) safely('the end of a call', finish);
    span.end();
  }

  const openCall = { settle: () => end(safely('an open call', known)) };
  running.openCalls.add(openCall);

  return {
    run: (fn) => context.with(inside, fn),
    succeed: (response) => end(response),
    fail: (error, partial) =>
      end(partial, () => {
        recordError(span, error, content);
        const status = databaseStatus(error);
        if (status !== undefined) span.setAttribute(DB.statusCode, status);
        const type = databaseErrorType(error);
        if (type !== undefined) span.setAttribute(ATTR.errorType, type);
      }),
    otherwise(answer, watched) {
      if (ended) return;
      known = answer;
      if (watched) abandoned.register(watched, openCall.settle);
    },
  };
}

/** `searchRecords` is `search_records`, as the clients in other languages have it. */
export const operationName = (method: string): string =>
  method.replace(
    /[A-Z]+(?![a-z])|[A-Z]/g,
    (letters, at: number) => (at > 0 ? '_' : '') + letters.toLowerCase(),
  );
