import type { ExportResult } from '@opentelemetry/core';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { log } from '../../config/log';
import { type HttpTarget, post, type SendResult } from './http-sender';

export interface OtlpOverHttpOptions {
  /** How the destination is called in messages. */
  title: string;
  target: HttpTarget;
  serializer: ISerializer<ReadableSpan[], TraceResponse>;
  contentType: string;
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

/** An OTLP/HTTP exporter: retries what is worth it, and says once that sending fails and once that it works again. */
export class OtlpOverHttpExporter implements SpanExporter {
  readonly #options: OtlpOverHttpOptions;
  #failing = false;
  #lost = 0;
  #closing = false;

  constructor(options: OtlpOverHttpOptions) {
    this.#options = options;
  }

  export(spans: ReadableSpan[], callback: (result: ExportResult) => void): void {
    this.#send(spans).then(
      (result) => callback(result.ok ? { code: 0 } : { code: 1, error: new Error(result.reason) }),
      (error) => callback({ code: 1, error }),
    );
  }

  async forceFlush(): Promise<void> {}

  /** The process is ending: no further waiting between attempts. */
  async shutdown(): Promise<void> {
    this.#closing = true;
  }

  async #send(spans: ReadableSpan[]): Promise<SendResult> {
    const { serializer, target, contentType, transform } = this.#options;
    const payload = serializer.serializeRequest(transform ? spans.map(transform) : spans);
    if (!payload) return { ok: false, retryable: false, reason: 'the spans could not be serialised' };
    let result = await post(target, payload, contentType);
    for (let attempt = 1; attempt < MAX_ATTEMPTS && isWorthRetrying(result) && !this.#closing; attempt++) {
      await delay(result.retryAfterMillis ?? backoff(attempt));
      result = await post(target, payload, contentType);
    }
    this.#report(result, spans.length);
    return result;
  }

  #report(result: SendResult, count: number): void {
    const { title, target, hints } = this.#options;
    if (!result.ok) {
      this.#lost += count;
      if (this.#failing) return;
      this.#failing = true;
      const hint = result.status === undefined ? undefined : hints?.[result.status];
      log.warn(`sending spans to ${title} (${target.url}) fails: ${result.reason}${hint ? `; ${hint}` : ''}`);
      return;
    }
    log.debug(`sent ${count} spans to ${title} (${target.url})`);
    if (this.#failing) {
      log.warn(`sending spans to ${title} works again; ${this.#lost} spans were lost`);
      this.#failing = false;
      this.#lost = 0;
    }
    const partial = this.#options.serializer.deserializeResponse(result.body)?.partialSuccess;
    const rejected = Number(partial?.rejectedSpans ?? 0);
    if (rejected > 0) {
      log.once(
        'warn',
        `${title} rejected ${rejected} of ${count} spans: ${partial?.errorMessage ?? 'no reason given'}`,
      );
    }
  }
}

function isWorthRetrying(result: SendResult): result is SendResult & { ok: false } {
  return !result.ok && result.retryable;
}

function backoff(attempt: number): number {
  const millis = Math.min(FIRST_RETRY_MILLIS * 2 ** (attempt - 1), LAST_RETRY_MILLIS);
  return millis * (0.8 + Math.random() * 0.4);
}

function delay(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis).unref());
}
