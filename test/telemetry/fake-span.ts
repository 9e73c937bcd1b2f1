import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** As much of a finished span as the code behind the tracer looks at. */
export function fakeSpan(
  given: Partial<ReadableSpan> & { name?: string; sampled?: boolean } = {},
): ReadableSpan {
  const { sampled = true, ...fields } = given;
  return {
    name: 'span',
    attributes: {},
    events: [],
    links: [],
    status: { code: 0 },
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: sampled ? 1 : 0 }),
    ...fields,
  } as ReadableSpan;
}
