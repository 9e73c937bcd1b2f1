import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Config } from '../config/resolve';
import { type Attributes, createTraceState, type HrTime, type Link, type SpanContext } from './api';

/** A span on its way to another process, as JSON. */
export interface SpanRecord {
  name: string;
  kind: number;
  context: ContextRecord;
  parent?: ContextRecord;
  start: HrTime;
  end?: HrTime;
  status?: ReadableSpan['status'];
  attributes: Attributes;
  links?: { context: ContextRecord; attributes?: Attributes }[];
  events?: ReadableSpan['events'];
  scope: ReadableSpan['instrumentationScope'];
  /** Attributes, events, links that were too many. */
  dropped?: [number, number, number];
}

type ContextRecord = Omit<SpanContext, 'traceState'> & { traceState?: string };

/** What an app under `respan run` tells, one JSON object a line. */
export type Told =
  | { hello: { pid: number; isThread: boolean } }
  /** What holds for the spans that follow. */
  | { config: Config; resource: Attributes }
  | { start: SpanRecord }
  | { progress: string; attributes: Attributes }
  /** `to`: for that destination alone. */
  | { end: SpanRecord; to?: string }
  /** Spans that are exported as one; `reply` is answered with whether they were taken. */
  | { together: SpanRecord[]; reply: number }
  | { flush: true; reply: number };

export interface Reply {
  reply: number;
  ok: boolean;
}

export function recordOf(span: ReadableSpan, isEnded: boolean): SpanRecord {
  const { links, events, droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span;
  const dropped = droppedAttributesCount + droppedEventsCount + droppedLinksCount > 0;
  return {
    name: span.name,
    kind: span.kind,
    context: contextRecord(span.spanContext()),
    ...(span.parentSpanContext && { parent: contextRecord(span.parentSpanContext) }),
    start: span.startTime,
    ...(isEnded && { end: span.endTime }),
    ...((span.status.code !== 0 || span.status.message) && { status: span.status }),
    attributes: span.attributes,
    ...(links.length > 0 && {
      links: links.map(({ context, attributes }) => ({
        context: contextRecord(context),
        ...(attributes && { attributes }),
      })),
    }),
    ...(events.length > 0 && { events }),
    scope: span.instrumentationScope,
    ...(dropped && { dropped: [droppedAttributesCount, droppedEventsCount, droppedLinksCount] }),
  };
}

function contextRecord({ traceState, ...rest }: SpanContext): ContextRecord {
  return { ...rest, ...(traceState && { traceState: traceState.serialize() }) };
}

/** The span of a record, as exporters and span steps know them. One without an end ends at `endTime`. */
export function spanOf(
  record: SpanRecord,
  resource: ReadableSpan['resource'],
  endTime: HrTime = record.start,
): ReadableSpan {
  const { start, end = endTime, links = [], dropped: [attributes, events, linksLost] = [0, 0, 0] } = record;
  const context = spanContext(record.context);
  return {
    name: record.name,
    kind: record.kind,
    spanContext: () => context,
    ...(record.parent && { parentSpanContext: spanContext(record.parent) }),
    startTime: start,
    endTime: end,
    duration: between(start, end),
    ended: true,
    status: record.status ?? { code: 0 },
    attributes: record.attributes,
    links: links.map((link) => ({ ...link, context: spanContext(link.context) }) satisfies Link),
    events: record.events ?? [],
    resource,
    instrumentationScope: record.scope,
    droppedAttributesCount: attributes,
    droppedEventsCount: events,
    droppedLinksCount: linksLost,
  };
}

function spanContext({ traceState, ...rest }: ContextRecord): SpanContext {
  return { ...rest, ...(traceState && { traceState: createTraceState(traceState) }) };
}

function between([seconds, nanos]: HrTime, [endSeconds, endNanos]: HrTime): HrTime {
  const difference = endNanos - nanos;
  return difference < 0 ? [endSeconds - seconds - 1, difference + 1e9] : [endSeconds - seconds, difference];
}
