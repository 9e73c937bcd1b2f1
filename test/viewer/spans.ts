/** Spans for the tests of the tree, as OTLP/JSON lines. Times are in milliseconds. */
export interface SpanSpec {
  id: string;
  parent?: string;
  trace?: string;
  name?: string;
  start?: number;
  millis?: number;
  kind?: number;
  error?: string | true;
  attributes?: Record<string, string | number | boolean>;
}

export const line = (...spans: SpanSpec[]): string =>
  JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 's' }, spans: spans.map(span) }] }] });

export const lines = (...spans: SpanSpec[]): string => spans.map((spec) => line(spec)).join('\n');

function span({
  id,
  parent,
  trace = 't',
  name = id,
  start = 0,
  millis = 1,
  kind = 1,
  error,
  attributes = {},
}: SpanSpec) {
  const nanos = (time: number) => String(BigInt(Math.round(time * 1e6)) + 1_790_000_000_000_000_000n);
  return {
    traceId: trace,
    spanId: id,
    ...(parent && { parentSpanId: parent }),
    name,
    kind,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(start + millis),
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: otlp(value) })),
    status: error ? { code: 2, ...(error !== true && { message: error }) } : { code: 0 },
  };
}

function otlp(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  // 64-bit integers travel as text.
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

export const chat = (model = 'm', more: Record<string, string | number | boolean> = {}) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': model,
  ...more,
});

export const usage = (input: number, output?: number, cached?: number, cost?: number) => ({
  'gen_ai.usage.input_tokens': input,
  ...(output !== undefined && { 'gen_ai.usage.output_tokens': output }),
  ...(cached !== undefined && { 'gen_ai.usage.cache_read.input_tokens': cached }),
  ...(cost !== undefined && { 'gen_ai.usage.cost': cost }),
});
