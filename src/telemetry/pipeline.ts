import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { reportFault, safely } from '../config/safely';
import { type Context, trace } from './api';
import { removeContent } from './content-policy';
import { passesExportFilter } from './export-filter';
import { inherit, isWithoutContent } from './inherited';
import { markIfInterrupted } from './interrupted';
import { OpenSpans } from './open-spans';
import { removeTexts } from './remove-texts';
import { PROCESSORS, type Route, routesOf } from './routing';
import { bufferOf, noteBuffer } from './span-buffer';

/** A step between the end of a span and its export. It may change the span's attributes, and never throws far. */
export type SpanStep = (span: ReadableSpan) => void;

export interface SpanSink extends Route {
  add(span: ReadableSpan): void;
  /** Exports `spans` as one; answers whether they were taken. */
  exportTogether(spans: ReadableSpan[]): Promise<boolean>;
  flush(): Promise<void>;
  /** Called with every span as it starts. */
  onStart?(span: Span, context: Context): void;
}

/** What of a pipeline settings decide, and may be changed while it runs. */
export interface PipelineParts {
  steps: readonly SpanStep[];
  /** Asked once for each span, before the steps. */
  passes?(span: ReadableSpan): boolean;
  sinks: readonly SpanSink[];
  /** Given where a step is still being loaded: spans wait for it, none passes it by. */
  ready?: Promise<void>;
}

/** Where every span of our provider goes: into a buffer, or through the steps and to its destinations. */
export class Pipeline implements SpanProcessor {
  readonly openSpans = new OpenSpans();
  /** Called before the first span there is. */
  onFirstStart: (() => void) | undefined;
  /** Called with every end of a span, for as long as it is there. */
  onEnded: (() => void) | undefined;
  #parts: PipelineParts = { steps: [], sinks: [] };
  /** Spans that ended before the steps were there. */
  #held: ReadableSpan[] | undefined;
  #ready: Promise<void> | undefined;
  readonly #withoutContent = new WeakSet<ReadableSpan>();
  /** Whether each is to be exported, as far as that was decided before it was filtered. */
  readonly #stepped = new WeakMap<ReadableSpan, boolean>();

  constructor(parts: PipelineParts) {
    this.use(parts);
  }

  /** From the next span on. */
  use(parts: PipelineParts): void {
    this.#parts = parts;
    if (!parts.ready) return;
    this.#held ??= [];
    this.#ready = parts.ready.then(() => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const span of held) this.#pass(span);
    });
  }

  get sinks(): readonly SpanSink[] {
    return this.#parts.sinks;
  }

  onStart(span: Span, context: Context): void {
    this.onFirstStart?.();
    this.onFirstStart = undefined;
    safely('the start of a span', () => {
      noteBuffer(span, context);
      inherit(span, context);
      inheritProcessors(span, context);
      if (isWithoutContent(context)) this.#withoutContent.add(span);
    });
    this.openSpans.add(span);
    for (const sink of this.#parts.sinks) {
      if (sink.onStart) safely('a span processor', () => sink.onStart?.(span, context));
    }
  }

  onEnd(span: ReadableSpan): void {
    this.openSpans.delete(span);
    markIfInterrupted(span);
    namesAreTexts(span);
    this.#end(span);
    this.onEnded?.();
  }

  /** Spans wait no longer for a step that is still being loaded: it may be what keeps content in, so that stays. */
  releaseHeld(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const span of held) {
      removeContent(span);
      this.#pass(span);
    }
  }

  #end(span: ReadableSpan): void {
    const buffer = bufferOf(span);
    if (buffer) buffer.add(span);
    else if ((span.spanContext().traceFlags & 1) === 0) return;
    else if (this.#held) this.#held.push(span);
    else this.#pass(span);
  }

  /** Sends `spans`, which may have waited in a buffer, the way every span goes, each destination's as one batch. */
  async process(spans: readonly ReadableSpan[]): Promise<boolean> {
    await this.#ready;
    const sampled = spans.filter((span) => (span.spanContext().traceFlags & 1) === 1);
    const batches = new Map<SpanSink, ReadableSpan[]>();
    for (const span of sampled) {
      if (!this.#prepare(span)) continue;
      for (const sink of routesOf(this.#parts.sinks, span)) {
        const batch = batches.get(sink);
        if (batch) batch.push(span);
        else batches.set(sink, [span]);
      }
    }
    const results = await Promise.all([...batches].map(([sink, batch]) => sink.exportTogether(batch)));
    return results.every(Boolean);
  }

  async forceFlush(): Promise<void> {
    await this.#ready;
    await Promise.all(this.#parts.sinks.map((sink) => sink.flush()));
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }

  #pass(span: ReadableSpan): void {
    if (!this.#prepare(span)) return;
    for (const sink of routesOf(this.#parts.sinks, span)) safely('a destination', () => sink.add(span));
  }

  #step(span: ReadableSpan): boolean {
    const { steps, passes } = this.#parts;
    if (passes && safely('the limit of a trace', () => passes(span)) === false) return false;
    if (!steps.every((step) => carefully(step, span))) return false;
    return !this.#withoutContent.has(span) || carefully(removeContent, span);
  }

  /** Runs the steps, once in the life of a span; answers whether it is to be exported. */
  #prepare(span: ReadableSpan): boolean {
    let isFit = this.#stepped.get(span);
    if (isFit === undefined) {
      isFit = this.#step(span);
      this.#stepped.set(span, isFit);
    }
    return isFit && passesExportFilter(span);
  }
}

/**
 * A step may be what keeps personal data in: where one fails, content stays in altogether, and so does the span where
 * not even that can be done.
 */
function carefully(step: SpanStep, span: ReadableSpan): boolean {
  try {
    step(span);
    return true;
  } catch (error) {
    reportFault('a span step', error);
    return (
      safely('a span that cannot be cleared of content', () => {
        removeTexts(span);
        return true;
      }) === true
    );
  }
}

/** Children go where their parent goes, unless they say otherwise. */
function inheritProcessors(span: Span, context: Context): void {
  if (Object.hasOwn(span.attributes, PROCESSORS)) return;
  const parent = trace.getSpan(context) as Partial<ReadableSpan> | undefined;
  const processors = parent?.attributes?.[PROCESSORS];
  if (processors !== undefined) span.setAttribute(PROCESSORS, processors);
}

/** The API takes whatever it is given as a name. */
function namesAreTexts(span: ReadableSpan): void {
  for (const named of [span, ...span.events] as { name: unknown }[]) {
    if (typeof named.name !== 'string') named.name = String(named.name);
  }
}
