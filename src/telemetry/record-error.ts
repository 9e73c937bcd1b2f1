import { safely } from '../config/safely';
import { type Attributes, type Span, SpanStatusCode } from './api';

const ERROR_TYPE = 'error.type';

export interface RecordedError {
  /** A short, low-cardinality name for what went wrong. */
  type: string;
  /** Whether messages and stacks may be recorded: an error may quote what it was about. */
  content: boolean;
}

/** Status, `error.type` and the exception event of a span that ends with `error`. */
export function recordError(span: Span, error: unknown, { type, content }: RecordedError): void {
  span.setAttribute(ERROR_TYPE, type);
  if (!content) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.addEvent('exception', { 'exception.type': type });
    return;
  }
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
  // Without the stack: reading it formats it for good, and Node could no longer print the line that threw should
  // the process die of this very error.
  span.addEvent('exception', { 'exception.type': type, 'exception.message': messageOf(error) });
  if (error instanceof Error) addStackLater(span, error);
}

/** A DOMException says in its name whether it is one of an abort. */
const SAYING_NOTHING = new Set(['Object', 'Error', 'DOMException']);

/** The class of what was thrown, or what it is where it has none. */
export function classOfError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { name } = error as { name?: unknown };
  const className = error.constructor?.name;
  if (className && !SAYING_NOTHING.has(className)) return className;
  return typeof name === 'string' && name ? name : (className ?? 'Error');
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  try {
    return String((error as { message?: unknown } | null)?.message ?? error);
  } catch {
    return typeof error;
  }
}

/**
 * Reading `error.stack` makes V8 forget where the error was thrown, which Node prints above the stack when an
 * error ends the process: the stack is read when that can no longer happen, well before the export. By then the span's
 * steps may have run: above the frames stands what they have left of the message, and nothing where they left none.
 */
function addStackLater(span: Span, error: Error): void {
  const event = (span as { events?: { attributes?: Attributes }[] }).events?.at(-1);
  if (!event?.attributes) return;
  const { attributes } = event;
  setImmediate(() => {
    safely('the stack of an error', () => {
      const type = attributes['exception.type'];
      const message = attributes['exception.message'];
      if (typeof error.stack !== 'string' || type === undefined || message === undefined) return;
      const said = error.stack.indexOf(error.message) + error.message.length;
      const [, frames = ''] = /^( {4}at [\s\S]*)/m.exec(error.stack.slice(said)) ?? [];
      attributes['exception.stacktrace'] = `${error.name}: ${message}${frames && '\n'}${frames}`;
    });
  }).unref();
}
