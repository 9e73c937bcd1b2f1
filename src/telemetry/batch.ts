import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { safely } from '../config/safely';
import { runExportSteps } from './before-export';
import { Delivery } from './delivery';
import type { Exporter, ExportOutcome, Retry, Urgency } from './exporter';
import { sizeOf } from './span-size';

export interface BatchOptions {
  /** How long a finished span may wait for company, in milliseconds. */
  scheduledDelayMillis: number;
  maxQueueSize: number;
  /** Of what waits, roughly. */
  maxQueueBytes: number;
  /** 1: every span is exported as it ends. */
  maxExportBatchSize: number;
  maxBatchBytes: number;
  /** How long one export may take before the next one starts, in milliseconds. */
  exportTimeoutMillis: number;
  /** How many exports may be under way at once. */
  concurrency?: number;
  /** Told what became of spans: those that wait again, and those that nothing more is done for here. */
  onOutcome?: (waitAgain: readonly ReadableSpan[], settled: readonly ReadableSpan[]) => void;
}

/** Without batches there may be as many requests as spans. */
const CONCURRENT_SINGLES = 32;
/** With batches, one at a time as long as that is enough; as many where full ones pile up. */
const CONCURRENT_BATCHES = 4;

const FIRST_PAUSE_MILLIS = 500;
const LAST_PAUSE_MILLIS = 30_000;
/** When the app only waits for its spans. */
const FIRST_LAST_PAUSE_MILLIS = 100;
/** A backend may ask for patience, but not for more than this. */
const LONGEST_PAUSE_MILLIS = 3_600_000;
/** As often a flush sees attempts fail before it gives up; the spans stay. */
const FLUSH_ATTEMPTS = 3;
/** For spans somebody waits for, and then has back. */
const TOGETHER_ATTEMPTS = 5;
/** Batches do not become smaller than this, however often the backend finds them too large. */
const SMALLEST_BATCH_BYTES = 16_000;
/** They may grow again: what the backend finds too large may have been another proxy's opinion. */
const GROWTH = 1.1;

interface Waiting {
  span: ReadableSpan;
  bytes: number;
}

/** A batch that was handed to the exporter. */
interface Underway {
  spans: Waiting[];
  /** Somebody else sees to its spans now: what becomes of this export no longer counts. */
  isTaken: boolean;
}

/**
 * Finished spans on their way to one exporter. What cannot be sent stays here until it can, within bounds of count
 * and bytes, beyond which the oldest go. Nothing here holds the event loop: timers are unref'd, and the end of the
 * process is the lifecycle's business.
 */
export class BatchQueue {
  readonly #exporter: () => Exporter;
  readonly #options: BatchOptions;
  readonly #concurrency: number;
  readonly #delivery: Delivery;
  readonly #underway = new Map<Promise<unknown>, Underway | undefined>();
  #waiting: Waiting[] = [];
  #bytes = 0;
  #batchBytes: number;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = 0;
  #urgency: Urgency = 'normal';
  /** Attempts in a row that failed and may be repeated. */
  #failures = 0;
  /** By performance.now(); nothing is sent before. */
  #pausedUntil = 0;
  /** What was sent before the last failure and fails as well tells nothing new. */
  #period = 0;
  #isGone = false;
  /** The end of the app has done what it could for what waits. */
  #isGivenUp = false;
  readonly #wakers = new Set<() => void>();

  /** `exporter` is called with the first batch, so that its code is loaded no earlier. */
  constructor(exporter: () => Exporter, options: BatchOptions, delivery = new Delivery('the exporter')) {
    this.#exporter = exporter;
    this.#options = options;
    this.#delivery = delivery;
    this.#batchBytes = options.maxBatchBytes;
    const isSingle = options.maxExportBatchSize === 1;
    this.#concurrency = options.concurrency ?? (isSingle ? CONCURRENT_SINGLES : CONCURRENT_BATCHES);
  }

  add(span: ReadableSpan): void {
    const bytes = sizeOf(span);
    this.#waiting.push({ span, bytes });
    this.#bytes += bytes;
    this.#isGivenUp = false;
    this.#makeRoom();
    const { maxExportBatchSize, scheduledDelayMillis } = this.#options;
    if (maxExportBatchSize === 1) this.#exportWaiting();
    else {
      this.#exportSoon(this.#hasFullBatch() ? 0 : scheduledDelayMillis);
    }
  }

  /**
   * Exports everything that waits; settles when it is out, has failed, or has to wait for a backend that is not to be
   * had. Never rejects.
   */
  async flush(): Promise<void> {
    const until = performance.now() + this.#options.exportTimeoutMillis;
    if (this.#urgency === 'ending') this.#pausedUntil = 0;
    for (;;) {
      this.#exportWaiting();
      if (this.#underway.size > 0) {
        await Promise.all(this.#underway.keys());
        continue;
      }
      if (this.#waiting.length === 0) return;
      // Nobody starts a backend for the last second of an app; it should not wait for one.
      this.#isGivenUp = this.#urgency === 'over' || (this.#urgency === 'ending' && this.#isGone);
      if (this.#isGivenUp) return;
      const isHopeless =
        this.#failures >= FLUSH_ATTEMPTS || Math.max(performance.now(), this.#pausedUntil) >= until;
      if (this.#urgency === 'normal' && isHopeless) return;
      await this.#pauseOver();
    }
  }

  /** Exports `spans` at once, as one batch, past those that wait. Answers whether the exporter took them. */
  async exportTogether(spans: ReadableSpan[]): Promise<boolean> {
    let left = spans;
    for (let attempt = 1; left.length > 0; attempt++) {
      const period = this.#period;
      const sent = this.#send(left.map((span) => ({ span, bytes: sizeOf(span) })));
      const retry = isPromise(sent) ? await this.#track(sent) : sent;
      if (typeof retry === 'boolean') return retry;
      left = retry.spans;
      this.#fail(retry, period);
      if (attempt >= TOGETHER_ATTEMPTS || this.#urgency === 'over') {
        this.#giveUp(left, 'unsent');
        return false;
      }
      await this.#pauseOver();
    }
    return true;
  }

  /** Nothing is under way, and nothing waits that another flush could send. */
  isIdle(): boolean {
    return (this.#waiting.length === 0 || this.#isGivenUp) && this.#underway.size === 0;
  }

  setUrgency(urgency: Urgency): void {
    this.#urgency = urgency;
    this.#isGone = false;
    if (urgency === 'normal') return;
    // The last chance for what waits for another attempt.
    this.#failures = 0;
    this.#pausedUntil = 0;
    for (const wake of [...this.#wakers]) wake();
  }

  /** Takes out every span that waits, for its first attempt or for another one. */
  drain(): ReadableSpan[] {
    this.#bytes = 0;
    return this.#waiting.splice(0).map(({ span }) => span);
  }

  /** The same, in batches of the size that is sent at once. */
  drainBatches(): ReadableSpan[][] {
    const batches: ReadableSpan[][] = [];
    while (this.#waiting.length > 0) batches.push(this.#take().map(({ span }) => span));
    return batches;
  }

  /** Takes over what is under way and may or may not arrive: what the exporter answers no longer counts. */
  drainUnderway(): ReadableSpan[] {
    const spans: ReadableSpan[] = [];
    for (const underway of this.#underway.values()) {
      if (!underway || underway.isTaken) continue;
      underway.isTaken = true;
      for (const { span } of underway.spans) spans.push(span);
    }
    return spans;
  }

  /** Nobody will send any more: what is left is kept for another process, or counted, and what was lost is said. */
  conclude(): void {
    const left = [...this.drainUnderway(), ...this.drain()];
    const { maxExportBatchSize } = this.#options;
    while (left.length > 0) this.#giveUp(left.splice(0, Math.max(maxExportBatchSize, 64)), 'unsent');
    this.#delivery.conclude();
  }

  #exportSoon(delay: number): void {
    const now = performance.now();
    const at = Math.max(now + delay, this.#pausedUntil);
    if (this.#timer) {
      if (at >= this.#timerAt) return;
      clearTimeout(this.#timer);
    }
    this.#timerAt = at;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#exportWaiting();
    }, at - now);
    this.#timer.unref();
  }

  #hasFullBatch(): boolean {
    return this.#waiting.length >= this.#options.maxExportBatchSize || this.#bytes >= this.#batchBytes;
  }

  #exportWaiting(): void {
    while (this.#waiting.length > 0 && this.#underway.size < this.#concurrency) {
      // A backend in trouble is asked by one request whether it works again.
      if (this.#underway.size > 0 && (this.#failures > 0 || !this.#hasFullBatch())) return;
      if (this.#urgency === 'over') return;
      if (this.#pausedUntil > performance.now()) {
        this.#exportSoon(0);
        return;
      }
      const period = this.#period;
      const sent = this.#send(this.#take());
      if (isPromise(sent)) void this.#track(sent).then((retry) => this.#goOn(retry, period));
      else this.#goOn(sent, period);
    }
  }

  /** After one of the batches in the queue: what may be tried again is the first in the queue again. */
  #goOn(result: boolean | Retry, period: number): void {
    if (typeof result === 'object') {
      this.#putBack(result.spans.map((span) => ({ span, bytes: sizeOf(span) })));
      this.#fail(result, period);
    }
    if (this.#waiting.length > 0) this.#exportSoon(0);
  }

  #track<T>(sent: Promise<T> & { underway?: Underway }): Promise<T> {
    const tracked = sent.finally(() => this.#underway.delete(tracked));
    this.#underway.set(tracked, sent.underway);
    return tracked;
  }

  #take(): Waiting[] {
    const { maxExportBatchSize } = this.#options;
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#waiting) {
      if (count >= maxExportBatchSize || (count > 0 && bytes + waiting.bytes > this.#batchBytes)) break;
      count += 1;
      bytes += waiting.bytes;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  #putBack(spans: Waiting[]): void {
    this.#waiting.unshift(...spans);
    for (const { bytes } of spans) this.#bytes += bytes;
    this.#makeRoom();
  }

  #isOverFull(): boolean {
    const { maxQueueSize, maxQueueBytes } = this.#options;
    return this.#waiting.length > maxQueueSize || this.#bytes > maxQueueBytes;
  }

  /** The oldest go: what is looked for is what happened last, and the root of a trace ends after all the rest of it. */
  #makeRoom(): void {
    while (this.#waiting.length > 0 && this.#isOverFull()) {
      const mayKeep = safely('an exporter', () => this.#exporter().keep) !== undefined;
      // On disk, a file holds as much as a request.
      const oldest = mayKeep ? this.#take() : this.#takeOne();
      this.#giveUp(
        oldest.map(({ span }) => span),
        'full',
      );
    }
  }

  #takeOne(): Waiting[] {
    const oldest = this.#waiting.shift();
    if (!oldest) return [];
    this.#bytes -= oldest.bytes;
    return [oldest];
  }

  #giveUp(spans: ReadableSpan[], why: 'full' | 'unsent'): void {
    this.#options.onOutcome?.([], spans);
    const isKept = safely('the spool', () => {
      const exporter = this.#exporter();
      if (!exporter.keep) return false;
      runExportSteps(spans);
      return exporter.keep(spans);
    });
    if (!isKept) this.#delivery.lose(why, spans.length);
  }

  #fail({ afterMillis, isGone = false }: Retry, period: number): void {
    // Of several at once, one failure is enough.
    if (period === this.#period) {
      this.#failures += 1;
      this.#period += 1;
    }
    this.#isGone = isGone;
    const isEnding = this.#urgency === 'ending';
    const first = isEnding ? FIRST_LAST_PAUSE_MILLIS : FIRST_PAUSE_MILLIS;
    const backoff =
      Math.min(first * 2 ** (this.#failures - 1), LAST_PAUSE_MILLIS) * (0.8 + Math.random() * 0.4);
    const pause = isEnding ? backoff : Math.min(afterMillis ?? backoff, LONGEST_PAUSE_MILLIS);
    this.#pausedUntil = performance.now() + pause;
  }

  #pauseOver(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, this.#pausedUntil - performance.now());
      timer.unref();
      this.#wakers.add(wake);
    });
  }

  /** Whether the exporter took it, or what to try again: a promise where it needs time, the answer itself otherwise. */
  #send(batch: Waiting[]): (Promise<boolean | Retry> & { underway?: Underway }) | boolean | Retry {
    const underway: Underway = { spans: batch, isTaken: false };
    let outcome: ExportOutcome | undefined;
    let onDone = () => {};
    // A thrown error counts as done: it is reported, and the queue goes on.
    const accepted = safely('an exporter', () => {
      const spans = batch.map(({ span }) => span);
      runExportSteps(spans);
      this.#exporter().export(spans, (result) => {
        outcome = result;
        onDone();
      });
      return true;
    });
    if (!accepted) outcome ??= { code: 1 };
    if (outcome) return this.#conclusion(outcome, underway);
    const sent: Promise<boolean | Retry> & { underway?: Underway } = new Promise((resolve) => {
      onDone = () => resolve(this.#conclusion(outcome!, underway));
      if (this.#exporter().isBounded) return;
      const timer = setTimeout(() => {
        // Whoever answers later than this has not been waited for; only the count is put right then.
        if (!underway.isTaken) this.#delivery.lose('unsent', batch.length);
        this.#options.onOutcome?.(
          [],
          batch.map(({ span }) => span),
        );
        underway.isTaken = true;
        onDone = () => {
          if (outcome?.code !== 0) return;
          this.#delivery.lose('unsent', -batch.length);
          this.#delivery.sent += batch.length;
        };
        resolve(false);
      }, this.#options.exportTimeoutMillis);
      timer.unref();
      onDone = () => {
        clearTimeout(timer);
        resolve(this.#conclusion(outcome!, underway));
      };
    });
    sent.underway = underway;
    return sent;
  }

  #conclusion(
    { code, retry, isCounted, wasTooLarge }: ExportOutcome,
    { spans, isTaken }: Underway,
  ): boolean | Retry {
    if (wasTooLarge) {
      const bytes = spans.reduce((sum, span) => sum + span.bytes, 0);
      this.#batchBytes = Math.max(Math.min(this.#batchBytes, bytes / 2), SMALLEST_BATCH_BYTES);
    } else if (code === 0) {
      this.#batchBytes = Math.min(this.#batchBytes * GROWTH, this.#options.maxBatchBytes);
    }
    const { onOutcome } = this.#options;
    if (onOutcome && !isTaken) {
      const again = new Set(retry?.spans);
      const settled = spans.map(({ span }) => span).filter((span) => !again.has(span));
      onOutcome([...again], settled);
    }
    if (retry) return isTaken ? false : retry;
    this.#failures = 0;
    if (!isCounted && !isTaken) {
      if (code === 0) this.#delivery.sent += spans.length;
      else this.#delivery.lose('unsent', spans.length);
    }
    if (code === 0) this.#sendKept();
    return code === 0;
  }

  /** The backend works: what was kept for such a time goes as well, one request for each of ours. */
  #sendKept(): void {
    const { sendKept } = this.#exporter();
    if (!sendKept || this.#urgency === 'over') return;
    const sent = safely('the spool', () => sendKept());
    if (!sent) return;
    const done = sent
      .catch(() => false)
      .then((isMore) => {
        this.#underway.delete(done);
        if (isMore && this.#waiting.length === 0) this.#sendKept();
        else if (this.#waiting.length > 0) this.#exportSoon(0);
      });
    this.#underway.set(done, undefined);
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T>)?.then === 'function';
}
