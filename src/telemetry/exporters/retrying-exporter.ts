import type { ExportResult } from '@opentelemetry/core';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { log } from '../../config/log';
import { reportFault } from '../../config/safely';
import type { Exporter, Urgency } from '../exporter';
import type { LastRequest, PostAnswer, PostPlan } from '../last-request';

export type SendResult =
  | { ok: true; body: Uint8Array }
  | {
      ok: false;
      retryable: boolean;
      /** Nobody listens there. */
      refused?: boolean;
      retryAfterMillis?: number;
      status?: number;
      reason: string;
    };

/** One way of sending bytes, tried once. Never rejects. */
export interface Sender {
  send(payload: Uint8Array): Promise<SendResult>;
  /** Ends what is under way; it settles as failed because of `reason`. */
  abort(reason: string): void;
  /** For the end of the process, when nothing asynchronous happens any more. */
  atTheEnd?: {
    /** How another process sends the same. */
    plan(): PostPlan;
    /**
     * Ends the request with `payload` where the backend cannot have taken it. One that it may take is left alone, and
     * waited for with what this answers.
     */
    letGo(payload: Uint8Array): LastRequest['waitForAnswer'];
    read(answer: PostAnswer): SendResult;
  };
}

export interface RetryingExporterOptions {
  /** How the destination is called in messages. */
  title: string;
  url: string;
  sender: Sender;
  serializer: ISerializer<ReadableSpan[], TraceResponse>;
  /** Never shown, even where the backend quotes them. */
  secrets: string[];
  /** What to check when the backend refuses, by status. */
  hints?: Record<number, string>;
  /** Changes spans on the way out, for this destination only. */
  transform?: (span: ReadableSpan) => ReadableSpan;
}

interface TraceResponse {
  partialSuccess?: { rejectedSpans?: number | string | { toString(): string } | null; errorMessage?: string };
}

const FIRST_RETRY_MILLIS = 500;
const LAST_RETRY_MILLIS = 5_000;
const MAX_ATTEMPTS = 5;
/** From the first attempt on; a backend that asks for more patience than this has failed. */
const LONGEST_TRIAL_MILLIS = 30_000;

/** An OTLP exporter: retries what is worth it, and says once that sending fails and once that it works again. */
export class RetryingExporter implements Exporter {
  readonly #options: RetryingExporterOptions;
  readonly #pauses = new Set<() => void>();
  /** What has been handed over and is neither taken nor given up. */
  readonly #unsettled = new Map<Uint8Array, number>();
  #failing = false;
  #lost = 0;
  #urgency: Urgency = 'normal';

  constructor(options: RetryingExporterOptions) {
    this.#options = options;
  }

  export(spans: ReadableSpan[], callback: (result: ExportResult) => void): void {
    this.#send(spans).then(
      (result) => callback(result.ok ? { code: 0 } : { code: 1, error: new Error(result.reason) }),
      (error) => {
        reportFault(`the export to ${this.#options.title}`, error);
        callback({ code: 1, error });
      },
    );
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    this.setUrgency('over');
  }

  /** What nobody has taken yet, `spans` included, for whoever sends it when this process cannot any more. */
  lastRequests(spans: ReadableSpan[]): LastRequest[] {
    const { atTheEnd } = this.#options.sender;
    if (!atTheEnd) return [];
    const batches = [...this.#unsettled];
    const payload = spans.length > 0 ? this.#serialize(spans) : undefined;
    if (payload) batches.push([payload, spans.length]);
    this.#unsettled.clear();
    this.#urgency = 'over';
    return batches.map(([payload, count]) => ({
      plan: atTheEnd.plan(),
      payload,
      waitForAnswer: atTheEnd.letGo(payload),
      read: atTheEnd.read,
      done: (result) => this.#report(result, count),
    }));
  }

  #serialize(spans: ReadableSpan[]): Uint8Array | undefined {
    const { serializer, transform } = this.#options;
    return serializer.serializeRequest(transform ? spans.map(transform) : spans);
  }

  setUrgency(urgency: Urgency): void {
    this.#urgency = urgency;
    if (urgency === 'normal') return;
    // The last chance for what waits for another attempt.
    for (const wake of [...this.#pauses]) wake();
    if (urgency === 'over') this.#options.sender.abort('no answer before the app ended');
  }

  async #send(spans: ReadableSpan[]): Promise<SendResult> {
    const { sender } = this.#options;
    const payload = this.#serialize(spans);
    const started = performance.now();
    let result: SendResult = { ok: false, retryable: false, reason: 'the app has ended' };
    if (!payload) result.reason = 'the spans could not be serialised';
    if (payload) this.#unsettled.set(payload, spans.length);
    for (let attempt = 1; payload && this.#urgency !== 'over'; attempt++) {
      result = await sender.send(payload);
      const wait = this.#waitBefore(attempt, result, performance.now() - started);
      if (wait === undefined) break;
      await this.#pause(wait);
    }
    if (payload && !this.#unsettled.delete(payload)) return result;
    if (isTooLarge(result) && spans.length > 1) {
      const middle = Math.ceil(spans.length / 2);
      const first = await this.#send(spans.slice(0, middle));
      const second = await this.#send(spans.slice(middle));
      return first.ok ? second : first;
    }
    this.#report(result, spans.length);
    return result;
  }

  /** How long to wait before the next attempt, in milliseconds; undefined when there is none. */
  #waitBefore(attempt: number, result: SendResult, elapsed: number): number | undefined {
    if (result.ok || !result.retryable || attempt >= MAX_ATTEMPTS || this.#urgency === 'over')
      return undefined;
    // Nobody starts a backend for the last second of an app; it should not wait for one.
    if (result.refused && this.#urgency === 'ending') return undefined;
    const wait = result.retryAfterMillis ?? backoff(attempt);
    return elapsed + wait > LONGEST_TRIAL_MILLIS ? undefined : wait;
  }

  #pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, millis);
      timer.unref();
      this.#pauses.add(wake);
    });
  }

  #report(result: SendResult, count: number): void {
    const { title, url, hints } = this.#options;
    if (!result.ok) {
      this.#lost += count;
      if (this.#failing) return;
      this.#failing = true;
      const hint = result.status === undefined ? undefined : hints?.[result.status];
      const reason = this.#withoutSecrets(result.reason);
      log.warn(`sending spans to ${title} (${shownUrl(url)}) fails: ${reason}${hint ? `; ${hint}` : ''}`);
      return;
    }
    log.debug(`sent ${count} spans to ${title} (${shownUrl(url)})`);
    if (this.#failing) {
      log.warn(`sending spans to ${title} works again; ${this.#lost} spans were lost`);
      this.#failing = false;
      this.#lost = 0;
    }
    const partial = this.#answer(result.body)?.partialSuccess;
    const rejected = Number(partial?.rejectedSpans ?? 0);
    if (rejected > 0) {
      const reason = this.#withoutSecrets(partial?.errorMessage || 'no reason given');
      log.once('warn', `${title} rejected ${rejected} of ${count} spans: ${reason}`);
    }
  }

  /** Backends answer in their own words (`OK`, JSON to protobuf): only what can be read is looked at. */
  #answer(body: Uint8Array): TraceResponse | undefined {
    try {
      return this.#options.serializer.deserializeResponse(body);
    } catch {
      return undefined;
    }
  }

  #withoutSecrets(text: string): string {
    return this.#options.secrets
      .filter((secret) => secret.length > 3)
      .reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text);
  }
}

/** Without user, password and query, which may hold secrets. */
function shownUrl(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return url;
  }
}

/** A batch of long prompts may be more than the backend takes at once. */
function isTooLarge(result: SendResult): boolean {
  return !result.ok && result.status === 413;
}

function backoff(attempt: number): number {
  const millis = Math.min(FIRST_RETRY_MILLIS * 2 ** (attempt - 1), LAST_RETRY_MILLIS);
  return millis * (0.8 + Math.random() * 0.4);
}
