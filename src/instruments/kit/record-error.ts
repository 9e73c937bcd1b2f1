import { safely } from '../../config/safely';
import { type Attributes, type Span, SpanStatusCode } from '../../telemetry/api';
import { ATTR } from '../genai/attributes';
import { errorStatus, errorType } from '../genai/error-type';

/** What went wrong, as attributes, status and event of a span. */
export function recordError(span: Span, error: unknown, content: boolean): void {
  const type = errorType(error);
  span.setAttribute(ATTR.errorType, type);
  const status = errorStatus(error);
  if (status !== undefined) span.setAttribute(ATTR.httpStatus, status);
  // A provider's error message may quote the prompt.
  if (!content) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.addEvent('exception', { 'exception.type': type });
    return;
  }
  // Without the stack: reading it formats it for good, and Node could no longer print the line that threw should
  // the process die of this very error.
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.addEvent('exception', { 'exception.type': type, 'exception.message': message });
  if (error instanceof Error) addStackLater(span, error);
}

/**
 * Reading `error.stack` makes V8 forget where the error was thrown, which Node prints above the stack when an
 * error ends the process: the stack is read when that can no longer happen, well before the export.
 */
function addStackLater(span: Span, error: Error): void {
  const event = (span as { events?: { attributes?: Attributes }[] }).events?.at(-1);
  if (!event?.attributes) return;
  const { attributes } = event;
  setImmediate(() => {
    safely('the stack of an error', () => {
      if (typeof error.stack === 'string') attributes['exception.stacktrace'] = error.stack;
    });
  }).unref();
}
