import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { log } from '../config/log';

/**
 * `respan.export_filter`: a condition, written on the span itself as JSON, on which it is exported: field → operator
 * and value, all of which have to hold. As in the Respan SDKs a filter that cannot be evaluated lets the span through.
 */
export const EXPORT_FILTER = 'respan.export_filter';

interface Condition {
  operator?: unknown;
  value?: unknown;
}

const STATUS = ['UNSET', 'OK', 'ERROR'];

export function passesExportFilter(span: ReadableSpan): boolean {
  const text = span.attributes[EXPORT_FILTER];
  if (typeof text !== 'string') return true;
  try {
    const conditions = JSON.parse(text) as Record<string, Condition>;
    return Object.entries(conditions).every(([field, condition]) => holds(fieldOf(span, field), condition));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.once('warn', `an export filter could not be evaluated (${reason}); its spans are exported`);
    return true;
  }
}

function fieldOf(span: ReadableSpan, field: string): unknown {
  if (field === 'name') return span.name;
  if (field === 'status_code') return STATUS[span.status.code];
  return span.attributes[field];
}

function holds(actual: unknown, { operator = '', value }: Condition): boolean {
  const name = String(operator).trim().toLowerCase();
  const test = OPERATORS[name];
  if (!test) throw new Error(`there is no operator ${JSON.stringify(operator)}`);
  return test(actual, value);
}

type Test = (actual: unknown, wanted: unknown) => boolean;

/** A list of one is that one; a list of several holds where one of them does. */
const equals: Test = (actual, wanted) =>
  Array.isArray(wanted) ? wanted.some((one) => isSame(actual, one)) : isSame(actual, wanted);

/** Attributes are text, numbers and flags, and filters are often written as text. */
function isSame(actual: unknown, wanted: unknown): boolean {
  return actual === wanted || (actual != null && wanted != null && String(actual) === String(wanted));
}

const one = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value);
const textOf = (value: unknown): string | undefined => (value == null ? undefined : String(value));
const compare = (test: (a: number, b: number) => boolean): Test => {
  return (actual, wanted) => {
    const [a, b] = [Number(actual ?? Number.NaN), Number(one(wanted) ?? Number.NaN)];
    return test(a, b);
  };
};
const onText = (test: (actual: string, wanted: string) => boolean): Test => {
  return (actual, wanted) => {
    const [a, b] = [textOf(actual), textOf(one(wanted))];
    return a !== undefined && b !== undefined && test(a, b);
  };
};
const isEmpty: Test = (actual) =>
  actual == null || actual === '' || (Array.isArray(actual) && actual.length === 0);
const inverse =
  (test: Test): Test =>
  (actual, wanted) =>
    !test(actual, wanted);
/** `{ operator: 'isnull', value: false }` asks for the opposite. */
const asked = (test: Test): Test => {
  return (actual, wanted) => test(actual, wanted) === (one(wanted) !== false && one(wanted) !== 'false');
};
const contains: Test = (actual, wanted) =>
  Array.isArray(actual)
    ? actual.some((item) => isSame(item, one(wanted)))
    : onText((a, b) => a.includes(b))(actual, wanted);

const OPERATORS: Record<string, Test> = {
  '': equals,
  eq: equals,
  '==': equals,
  not: inverse(equals),
  ne: inverse(equals),
  '!=': inverse(equals),
  '<>': inverse(equals),
  gt: compare((a, b) => a > b),
  gte: compare((a, b) => a >= b),
  lt: compare((a, b) => a < b),
  lte: compare((a, b) => a <= b),
  contains,
  icontains: onText((a, b) => a.toLowerCase().includes(b.toLowerCase())),
  ilike: onText((a, b) => a.toLowerCase().includes(b.toLowerCase())),
  startswith: onText((a, b) => a.startsWith(b)),
  endswith: onText((a, b) => a.endsWith(b)),
  in: equals,
  not_in: inverse(equals),
  isnull: asked((actual) => actual == null),
  regex: onText((a, b) => new RegExp(b).test(a)),
  has_key: onText((a, b) => hasKey(a, b)),
  empty: asked(isEmpty),
  not_empty: asked(inverse(isEmpty)),
};

function hasKey(json: string, key: string): boolean {
  const value: unknown = JSON.parse(json);
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}
