import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { safely } from '../config/safely';
import { runExportSteps } from './before-export';

export interface BatchOptions {
  /** How long a finished span may wait for company, in milliseconds. */
  scheduledDelayMillis: number;
  maxQueueSize: number;
  /** 1: every span is exported as it ends. */
  maxExportBatchSize: number;
  /** How long one export may take before the next one starts, in milliseconds. */
  exportTimeoutMillis: number;
  /** How many exports may be under way at once. */
  concurrency?: number;
}

/** Without batches there may be as many requests as spans; with them, one at a time keeps the order. */
const CONCURRENT_SINGLES = 32;

/**
 * Finished spans on their way to one exporter. Nothing here holds the event loop: timers are unref'd, and the
 * end of the process is the lifecycle's business.
 */
export class BatchQueue {
  readonly #exporter: () => SpanExporter;
  readonly #options: BatchOptions;
  readonly #concurrency: number;
  readonly #underway = new Set<Promise<unknown>>();
  #waiting: ReadableSpan[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerDelay = 0;
  #dropped = 0;

  /** `exporter` is called with the first batch, so that its code is loaded no earlier. */
  constructor(exporter: () => SpanExporter, options: BatchOptions) {
    this.#exporter = exporter;
    this.#options = options;
    this.#concurrency = options.concurrency ?? (options.maxExportBatchSize === 1 ? CONCURRENT_SINGLES : 1);
  }

  /** Spans that found the queue full. */
  get dropped(): number {
    return this.#dropped;
  }

  add(span: ReadableSpan): void {
    const { maxQueueSize, maxExportBatchSize, scheduledDelayMillis } = this.#options;
    if (this.#waiting.length >= maxQueueSize) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(span);
    if (maxExportBatchSize === 1) this.#exportWaiting();
    else this.#exportSoon(this.#waiting.length >= maxExportBatchSize ? 0 : scheduledDelayMillis);
  }

  /** Exports everything that waits; settles when it is out or has failed. Never rejects. */
  async flush(): Promise<void> {
    this.#exportWaiting();
    while (this.#underway.size > 0) {
      await Promise.all(this.#underway);
      this.#exportWaiting();
    }
  }

  /** Exports `spans` at once, as one batch, past those that wait. Answers whether the exporter took them. */
  async exportTogether(spans: ReadableSpan[]): Promise<boolean> {
    if (spans.length === 0) return true;
    const sent = this.#send(spans);
    if (typeof sent === 'boolean') return sent;
    this.#underway.add(sent);
    try {
      return await sent;
    } finally {
      this.#underway.delete(sent);
    }
  }

  /** Nothing waits and nothing is under way. */
  isIdle(): boolean {
    return this.#waiting.length === 0 && this.#underway.size === 0;
  }

  /** Takes out what has not been handed to the exporter yet. */
  drain(): ReadableSpan[] {
    return this.#waiting.splice(0);
  }

  #exportSoon(delay: number): void {
    if (this.#timer) {
      if (delay >= this.#timerDelay) return;
      clearTimeout(this.#timer);
    }
    this.#timerDelay = delay;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#exportWaiting();
    }, delay);
    this.#timer.unref();
  }

  #exportWaiting(): void {
    while (this.#waiting.length > 0 && this.#underway.size < this.#concurrency) {
      const sent = this.#send(this.#waiting.splice(0, this.#options.maxExportBatchSize));
      if (typeof sent === 'boolean') continue;
      const underway = sent.then(() => {
        this.#underway.delete(underway);
        if (this.#waiting.length > 0) this.#exportSoon(0);
      });
      this.#underway.add(underway);
    }
  }

  /** Whether the exporter took it: a promise where it needs time, the answer itself where it is done at once. */
  #send(batch: ReadableSpan[]): Promise<boolean> | boolean {
    let isDone = false;
    let isTaken = false;
    let onDone = () => {};
    // A thrown error counts as done: it is reported, and the queue goes on.
    const accepted = safely('an exporter', () => {
      runExportSteps(batch);
      this.#exporter().export(batch, ({ code }) => {
        isDone = true;
        isTaken = code === 0;
        onDone();
      });
      return true;
    });
    if (isDone || !accepted) return isTaken;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), this.#options.exportTimeoutMillis);
      timer.unref();
      onDone = () => {
        clearTimeout(timer);
        resolve(isTaken);
      };
    });
  }
}
