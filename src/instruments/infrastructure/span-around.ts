import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import { context, type Span, type SpanOptions, trace } from '../../telemetry/api';
import { followed } from '../../telemetry/follow';
import { telemetry } from '../../telemetry/telemetry';
import { recordError } from '../kit/record-error';

export const isInSpan = (): boolean => trace.getSpan(context.active()) !== undefined;

/** A span of a server framework's, named as OpenTelemetry's instrumentation of it does. */
export const startStep = (scope: string, name: string, attributes: SpanOptions['attributes']): Span =>
  telemetry().tracer(scope).startSpan(name, { attributes });

/** The route that the span of the request is named after. */
export function noteRoute(route: string): void {
  const request = getRPCMetadata(context.active());
  if (request?.type === RPCType.HTTP) request.route = route;
}

/**
 * Runs a step of a framework's in its span, which ends with the promise it answers with; where it answers with something else,
 * `endOtherwise` says when.
 */
export function runInSpan<T>(span: Span, step: () => T, endOtherwise: () => void = () => span.end()): T {
  const fail = (error: unknown) => {
    recordError(span, error, telemetry().config.traceContent);
    span.end();
  };
  let result: T;
  try {
    result = context.with(trace.setSpan(context.active(), span), step);
  } catch (error) {
    fail(error);
    throw error;
  }
  if (result instanceof Promise) return followed(result, () => span.end(), fail) as T;
  endOtherwise();
  return result;
}
