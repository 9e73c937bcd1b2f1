import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { safely } from '../config/safely';
import { runExportSteps } from './before-export';

export interface BatchOptions {
  /** How long a finished span may wait for company, in milliseconds. */
  scheduledDelayMillis: number;
  maxQueueSize: number;
  maxExportBatchSize: number;
  /** How long one export may take before the next one starts, in milliseconds. */
  exportTimeoutMillis: number;
}

/**
 * Finished spans on their way to one exporter. Nothing here holds the event loop: timers are unref'd, and the
 * end of the process is the lifecycle's business.
 */
export class BatchQueue {
  readonly #exporter: () => SpanExporter;
  readonly #options: BatchOptions;
  #waiting: ReadableSpan[] = [];
  #timer: NodeJS.Timeout | undefined;
  #exporting: Promise<void> | undefined;
  #dropped = 0;

  /** `exporter` is called with the first batch, so that its code is loaded no earlier. */
  constructor(exporter: () => SpanExporter, options: BatchOptions) {
    this.#exporter = exporter;
    this.#options = options;
  }

  /** Spans that found the queue full. */
  get dropped(): number {
    return this.#dropped;
  }

  add(span: ReadableSpan): void {
    if (this.#waiting.length >= this.#options.maxQueueSize) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length >= this.#options.maxExportBatchSize) this.#exportSoon(0);
    else this.#exportSoon(this.#options.scheduledDelayMillis);
  }

  /** Exports everything that waits; settles when it is out or has failed. Never rejects. */
  async flush(): Promise<void> {
    do {
      this.#exportBatch();
      await this.#exporting;
    } while (this.#waiting.length > 0);
  }

  /** Nothing waits and nothing is under way. */
  isIdle(): boolean {
    return this.#waiting.length === 0 && !this.#exporting;
  }

  /** Takes out what has not been handed to the exporter yet. */
  drain(): ReadableSpan[] {
    return this.#waiting.splice(0);
  }

  #exportSoon(delay: number): void {
    if (this.#timer) {
      if (delay > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#exportBatch();
    }, delay);
    this.#timer.unref();
  }

  #exportBatch(): void {
    // One export at a time, in order; the next one starts when it is done.
    if (this.#exporting || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, this.#options.maxExportBatchSize);
    this.#exporting = this.#send(batch).finally(() => {
      this.#exporting = undefined;
      if (this.#waiting.length > 0) this.#exportSoon(0);
    });
  }

  #send(batch: ReadableSpan[]): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.exportTimeoutMillis);
      timer.unref();
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      // A thrown error counts as done: the exporter says what failed, the queue goes on.
      const accepted = safely('an exporter', () => {
        runExportSteps(batch);
        this.#exporter().export(batch, done);
        return true;
      });
      if (!accepted) done();
    });
  }
}
