import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import { safely } from '../../config/safely';
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
 * Runs a step of a framework's in the span that `start` makes for it, if it makes one. That ends with the promise the step
 * answers with; where it answers with something else, `endOtherwise` says when.
 */
export function runStep<T>(
  where: string,
  start: () => Span | undefined,
  step: () => T,
  endOtherwise: (span: Span) => void = (span) => span.end(),
): T {
  const span = safely(where, start);
  if (!span) return step();
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
  endOtherwise(span);
  return result;
}
