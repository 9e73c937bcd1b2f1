import type { Span } from '../../telemetry/api';
import { recordError as record } from '../../telemetry/record-error';
import { ATTR } from '../genai/attributes';
import { errorStatus, errorType } from '../genai/error-type';

/** What went wrong with a call, as attributes, status and event of its span. */
export function recordError(span: Span, error: unknown, content: boolean): void {
  const status = errorStatus(error);
  if (status !== undefined) span.setAttribute(ATTR.httpStatus, status);
  record(span, error, { type: errorType(error), content });
}
