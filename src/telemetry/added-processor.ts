import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { log } from '../config/log';
import { type BatchOptions, BatchQueue } from './batch';
import { untracedHere } from './context';
import { Delivery } from './delivery';
import type { Destination } from './destinations';
import { answerToOldNames } from './legacy-span';
import { DEFAULT_PROCESSOR } from './routing';

/** A processor that the app's code adds; see RespanTelemetry.addProcessor. */
export interface ProcessorOptions {
  exporter?: SpanExporter;
  /** Instead of an exporter. */
  processor?: SpanProcessor;
  name?: string;
  filter?: (span: ReadableSpan) => boolean;
  isBatchingEnabled?: boolean;
}

function titleOf(kind: string, value: object, name: string | undefined): string {
  const made = value.constructor?.name;
  const what = made && made !== 'Object' ? `the ${made}` : `the app's ${kind}`;
  return name === undefined || name === DEFAULT_PROCESSOR
    ? what
    : `${what} of processor ${JSON.stringify(name)}`;
}

/** How long the app's exporters may take to flush before nobody waits for them any more, in milliseconds. */
const FLUSH_TIMEOUT_MILLIS = 30_000;

export function exporterDestination(
  exporter: SpanExporter,
  route: { name?: string; filter?: (span: ReadableSpan) => boolean },
  options: BatchOptions,
): Destination {
  const title = titleOf('exporter', exporter, route.name);
  // Whatever it does to send them is no part of anybody's trace.
  const quiet: SpanExporter = {
    export(spans, callback) {
      for (const span of spans) answerToOldNames(span);
      callExport(exporter, spans, (result) => {
        if (result.error) warnFailed(title, result.error);
        callback({ code: result.code, error: result.error });
      });
    },
    async shutdown() {},
  };
  // As it ends means as it ends: an exporter may look at the async context of whoever ended the span.
  const isImmediate = options.maxExportBatchSize === 1;
  const queue = new BatchQueue(
    () => quiet,
    isImmediate ? { ...options, concurrency: Infinity } : options,
    new Delivery(title),
  );
  return {
    ...route,
    title,
    add: (span) => queue.add(span),
    exportTogether: (spans) => queue.exportTogether(spans),
    async flush() {
      await queue.flush();
      await bounded(title, () => untracedHere(() => exporter.forceFlush?.()));
    },
    isIdle: () => queue.isIdle(),
    setUrgency: (urgency) => queue.setUrgency(urgency),
    shutdown: () => bounded(title, () => exporter.shutdown?.()),
    conclude: () => queue.conclude(),
  };
}

type OnResult = Parameters<SpanExporter['export']>[1];

/**
 * `export` answers through `onResult` or, where it takes no callback, by returning. What an async one rejects with is ours
 * to handle, or it would end the app.
 */
function callExport(exporter: SpanExporter, spans: ReadableSpan[], onResult: OnResult): void {
  const failed = (error: unknown) => onResult({ code: FAILED, error: asError(error) });
  try {
    const returned: unknown = untracedHere(() => exporter.export(spans, onResult));
    const isAnswer = exporter.export.length === 1;
    if (isThenable(returned)) returned.then(() => isAnswer && onResult({ code: TAKEN }), failed);
    else if (isAnswer) onResult({ code: TAKEN });
  } catch (error) {
    failed(error);
  }
}

const TAKEN = 0;
const FAILED = 1;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}

export function processorDestination(
  processor: SpanProcessor,
  route: { name?: string; filter?: (span: ReadableSpan) => boolean },
): Destination {
  const title = titleOf('span processor', processor, route.name);
  // Whether spans wait in it only it knows: they may, until it has been flushed.
  let mayWait = false;
  const hand = (span: ReadableSpan): boolean => {
    answerToOldNames(span);
    mayWait = true;
    try {
      const returned: unknown = untracedHere(() => processor.onEnd(span));
      if (isThenable(returned)) returned.then(undefined, (error: unknown) => warnFailed(title, error));
      return true;
    } catch (error) {
      warnFailed(title, error);
      return false;
    }
  };
  const flush = async () => {
    mayWait = false;
    await bounded(title, () => untracedHere(() => processor.forceFlush?.()));
  };
  return {
    ...route,
    title,
    onStart: (span, context) => processor.onStart?.(span, context),
    add: hand,
    async exportTogether(spans) {
      const taken = spans.map(hand);
      await flush();
      return taken.every(Boolean);
    },
    flush,
    isIdle: () => !mayWait,
    setUrgency() {},
    shutdown: () => bounded(title, () => processor.shutdown?.()),
    conclude() {},
  };
}

/** Code of the app's that may never settle, reject or throw. */
async function bounded(what: string, step: () => Promise<void> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FLUSH_TIMEOUT_MILLIS);
    timer.unref();
  });
  try {
    await Promise.race([step(), limit]);
  } catch (error) {
    warnFailed(what, error);
  }
  clearTimeout(timer);
}

/** The app's exporter failing is the app's to know, once; the other destinations never notice. */
function warnFailed(what: string, error: unknown): void {
  log.once('warn', `${what} failed: ${error instanceof Error ? error.message : String(error)}`);
}
