import { asDict, asString } from '../genai/read';
import type { AnswerHeaders } from './exchange';

/** More of a page that is no JSON says no more. */
const LONGEST = 500;

/** What an answer says went wrong, as a client library would throw it. */
export function errorOf(headers: AnswerHeaders | undefined, text = ''): Error {
  const body = parsed(text);
  const detail = asDict(body?.error) ?? body;
  const message =
    asString(detail?.message) ??
    asString(body?.error) ??
    asString(body?.detail) ??
    (body || /^\s*</.test(text) ? undefined : text.slice(0, LONGEST));
  const error = new Error(
    [headers?.status, message || headers?.statusText].filter(Boolean).join(' '),
  ) as Error & Record<string, unknown>;
  // Made here, its stack tells of nothing but us.
  error.stack = undefined;
  if (headers) error.status = headers.status;
  else error.code = asString(detail?.code) ?? asString(detail?.type) ?? '_OTHER';
  return error;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return asDict(JSON.parse(text));
  } catch {
    return undefined;
  }
}
