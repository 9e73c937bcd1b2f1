import type { ReadableSpan, Span as SdkSpan } from '@opentelemetry/sdk-trace-base';
import {
  type Context,
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type TimeInput,
  type Tracer,
  trace,
} from './api';
import { contextManager } from './context';
import { adoptTraceId } from './id-generator';
import { readableAttributes } from './readable-attributes';

const SCOPE = createContextKey('respan: span buffer');

/** Name of the attribute that holds the trace id a buffer was asked for, where that is no trace id but a name. */
const BUFFER_ID = 'respan.span_buffer.id';

/** A stretch of code whose spans go to a buffer. */
interface Scope {
  buffer: SpanBuffer;
  isOpen: boolean;
}

/** What `createSpan` takes besides name and attributes. */
export interface BufferedSpanOptions {
  kind?: SpanKind | keyof typeof SpanKind;
  startTime?: TimeInput;
  endTime?: TimeInput;
  /** The span it is a child of; by default the active one, where that is in this buffer. */
  parent?: { spanContext(): SpanContext };
  status?: 'OK' | 'ERROR';
  statusDescription?: string;
  links?: Link[];
}

const bufferOfSpan = new WeakMap<object, SpanBuffer>();

/** The buffer that spans started in `active` go to, or undefined. */
function openBuffer(active: Context): SpanBuffer | undefined {
  const scope = active.getValue(SCOPE) as Scope | undefined;
  return scope?.isOpen ? scope.buffer : undefined;
}

/** Called with every span as it starts: where it will end up is decided now. */
export function noteBuffer(span: SdkSpan, startedIn: Context): void {
  const buffer = openBuffer(startedIn);
  if (!buffer) return;
  bufferOfSpan.set(span, buffer);
  if (buffer.label !== undefined) span.setAttribute(BUFFER_ID, buffer.label);
}

export function bufferOf(span: ReadableSpan): SpanBuffer | undefined {
  return bufferOfSpan.get(span);
}

/**
 * Spans of one trace that wait until somebody decides about them: they are exported by `processSpans`, as often as
 * it is called, and not at all otherwise.
 */
export class SpanBuffer {
  /** 32 hexadecimal digits: what was asked for, or made from it, always the same from the same. */
  readonly traceId: string;
  /** What was asked for, where that is no trace id. */
  readonly label: string | undefined;
  readonly #tracer: () => Tracer;
  #spans: ReadableSpan[] = [];

  constructor(traceId: string, tracer: () => Tracer) {
    const wanted = traceId.toLowerCase();
    const isTraceId = /^[0-9a-f]{32}$/.test(wanted) && /[1-9a-f]/.test(wanted);
    this.traceId = isTraceId ? wanted : traceIdOf(traceId);
    this.label = isTraceId ? undefined : traceId;
    this.#tracer = tracer;
  }

  add(span: ReadableSpan): void {
    this.#spans.push(span);
  }

  createSpan(
    name: string,
    attributes: object = {},
    kindOrOptions: BufferedSpanOptions | BufferedSpanOptions['kind'] = {},
  ): ReadableSpan {
    const options = typeof kindOrOptions === 'object' ? kindOrOptions : { kind: kindOrOptions };
    const { kind, startTime, endTime, parent, status, statusDescription, links } = options;
    const active = context.active();
    const inside = openBuffer(active) === this ? active : ROOT_CONTEXT;
    const around = parent ? trace.setSpanContext(inside, parent.spanContext()) : inside;
    const span = this.#tracer().startSpan(
      name,
      { attributes: readableAttributes(attributes), kind: kindOf(kind), startTime, links },
      around.setValue(SCOPE, { buffer: this, isOpen: true }),
    );
    if (status) span.setStatus({ code: SpanStatusCode[status], message: statusDescription });
    span.end(endTime);
    return span as unknown as ReadableSpan;
  }

  getAllSpans(): ReadableSpan[] {
    return [...this.#spans];
  }

  getSpanCount(): number {
    return this.#spans.length;
  }

  clearSpans(): void {
    this.#spans = [];
  }

  /** Runs `fn`, whose spans, and those of whatever it starts, come here. */
  run<T>(fn: (buffer: SpanBuffer) => T): T {
    const scope: Scope = { buffer: this, isOpen: true };
    return context.with(context.active().setValue(SCOPE, scope), () => fn(this));
  }

  /**
   * `using buffer = client.getSpanBuffer(…)`: the declaration asks for this method, which opens the buffer for what
   * follows, and calls it at the end of the block. (Whoever only holds a buffer has therefore not opened it.)
   */
  get [Symbol.dispose](): () => void {
    const scope: Scope = { buffer: this, isOpen: true };
    const token = contextManager.attach(context.active().setValue(SCOPE, scope));
    return () => {
      // Before its first `await` an async function shares the context of its caller, who must not go on in here.
      scope.isOpen = false;
      token.dispose();
    };
  }
}

function kindOf(kind: BufferedSpanOptions['kind']): SpanKind {
  if (typeof kind !== 'string') return kind ?? SpanKind.INTERNAL;
  return SpanKind[kind.toUpperCase() as keyof typeof SpanKind] ?? SpanKind.INTERNAL;
}

function traceIdOf(name: string): string {
  const { createHash } = require('crypto') as typeof import('crypto');
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/**
 * What a span started in a buffer is a child of: spans of the buffer's own trace are; any other span around is linked,
 * since the two traces go their own ways.
 */
export function startBuffered(
  tracer: Tracer,
  start: Tracer['startSpan'],
  name: string,
  options: SpanOptions,
  around: Context,
): Span {
  const buffer = openBuffer(around);
  const parent = trace.getSpanContext(around) ?? INVALID_SPAN_CONTEXT;
  if (!buffer || parent.traceId === buffer.traceId) return start.call(tracer, name, options, around);
  adoptTraceId(buffer.traceId);
  const isLinked = trace.isSpanContextValid(parent) && !options.root;
  const links = isLinked ? [...(options.links ?? []), { context: parent }] : options.links;
  try {
    return start.call(tracer, name, { ...options, root: true, links }, around);
  } finally {
    // Where tracing is suppressed nobody has asked for it.
    adoptTraceId(undefined);
  }
}
