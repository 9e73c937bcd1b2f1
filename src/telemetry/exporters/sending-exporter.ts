import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { log } from '../../config/log';
import { reportFault } from '../../config/safely';
import type { Delivery } from '../delivery';
import type { Exporter, ExportOutcome, Retry, Urgency } from '../exporter';
import type { LastRequest, PostAnswer, PostPlan } from '../last-request';
import type { Spool } from './spool';

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

type Failure = Extract<SendResult, { ok: false }>;

/** The end of the process has seen to it in the meantime. */
const TAKEN: Failure = { ok: false, retryable: false, reason: 'the app has ended' };

/** One way of sending bytes, tried once. Never rejects. */
export interface Sender {
  send(payload: Uint8Array, onWritten?: () => void): Promise<SendResult>;
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

export interface SendingExporterOptions {
  url: string;
  sender: Sender;
  serializer: ISerializer<ReadableSpan[], TraceResponse>;
  /** The account of what arrives, and what is said of it. */
  delivery: Delivery;
  /** Never shown, even where the backend quotes them. */
  secrets: string[];
  /** What to check when the backend refuses, by status. */
  hints?: Record<number, string>;
  /** Changes spans on the way out, for this destination only. */
  transform?: (span: ReadableSpan) => ReadableSpan;
  /** A copy with so many characters of text; undefined where there are no more in it. */
  shorter: (span: ReadableSpan, characters: number) => ReadableSpan | undefined;
  /** Where RESPAN_SPOOL_DIR is set. */
  spool?: () => Spool;
}

interface TraceResponse {
  partialSuccess?: { rejectedSpans?: number | string | { toString(): string } | null; errorMessage?: string };
}

/**
 * Trouble of the backend's own that the OTLP specification does not count as such: proxies and frameworks answer so when
 * a backend restarts, and now and then because of what they were sent. Tried again, but not for ever.
 */
const isLikelyTrouble = (status: number | undefined): boolean =>
  status === 408 || (status !== undefined && status >= 500 && status !== 501 && status !== 505);
const TROUBLE_ATTEMPTS = 5;

/** The span is fine, but not who sends it, or where to: another process may know better. */
const MISCONFIGURED = [401, 403, 404];
const isWorthKeeping = ({ retryable, status }: Failure): boolean =>
  retryable || isLikelyTrouble(status) || MISCONFIGURED.includes(status ?? 0);

const TOO_LARGE = 413;
/** Characters that are left of a span's texts, until the backend takes it. */
const SHORTER = [250_000, 50_000, 5_000];

/** To a backend that speaks OTLP: sends once, in smaller pieces where it has to, and says what came of it. */
export class SendingExporter implements Exporter {
  readonly isBounded = true;
  readonly #options: SendingExporterOptions;
  readonly #attempts = new WeakMap<ReadableSpan, number>();
  /** What is on its way. */
  readonly #underway = new Map<Uint8Array, readonly ReadableSpan[]>();
  /** What was handed over and comes after something that is on its way. */
  readonly #later = new Set<ReadableSpan[]>();
  #urgency: Urgency = 'normal';
  #spool: Spool | undefined;
  onWritten?: (spans: readonly ReadableSpan[]) => void;
  keep?: (spans: ReadableSpan[]) => boolean;
  sendKept?: () => Promise<boolean>;

  constructor(options: SendingExporterOptions) {
    this.#options = options;
    const { spool } = options;
    if (!spool) return;
    const opened = () => {
      this.#spool ??= spool();
      return this.#spool;
    };
    this.keep = (spans) => this.#keep(opened(), spans);
    this.sendKept = () => this.#sendKept(opened());
  }

  export(spans: ReadableSpan[], callback: (outcome: ExportOutcome) => void): void {
    this.#send(spans).then(
      (outcome) => callback({ ...outcome, isCounted: true }),
      (error) => {
        reportFault(`the export to ${this.#options.delivery.title}`, error);
        callback({ code: 1, error });
      },
    );
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    this.setUrgency('over');
  }

  setUrgency(urgency: Urgency): void {
    this.#urgency = urgency;
    if (urgency === 'over') this.#options.sender.abort('no answer before the app ended');
  }

  lastRequests(batches: readonly ReadableSpan[][]): LastRequest[] {
    const { atTheEnd } = this.#options.sender;
    if (!atTheEnd) {
      for (const spans of batches) this.#give(spans);
      return [];
    }
    const requests = new Map(this.#underway);
    this.#underway.clear();
    for (const spans of [...this.#later, ...batches]) {
      const payload = this.#serialize(spans);
      if (payload) requests.set(payload, spans);
      else this.#give(spans);
    }
    this.#later.clear();
    this.#urgency = 'over';
    return [...requests].map(([payload, spans]) => ({
      plan: atTheEnd.plan(),
      payload,
      waitForAnswer: atTheEnd.letGo(payload),
      read: atTheEnd.read,
      done: (result) => this.#conclude(spans, result),
    }));
  }

  /** What came of the last attempt there is. */
  #conclude(spans: readonly ReadableSpan[], result: SendResult): void {
    if (result.ok) {
      this.#sent(spans.length, result.body);
      return;
    }
    this.#say(result, true);
    // Where it is not known whether it arrived, twice is better than not at all.
    if (result.status === undefined || isWorthKeeping(result)) this.#give(spans);
    else this.#options.delivery.lose(result.status === TOO_LARGE ? 'tooLarge' : 'unsent', spans.length);
  }

  /** For another process to send, or lost. */
  #give(spans: readonly ReadableSpan[]): void {
    if (!this.keep?.([...spans])) this.#options.delivery.lose('unsent', spans.length);
  }

  async #send(spans: ReadableSpan[]): Promise<ExportOutcome> {
    const result = await this.#sendOnce(spans);
    if (result === TAKEN) return { code: 1 };
    if (result.ok) {
      this.#sent(spans.length, result.body);
      return { code: 0 };
    }
    if (result.status === TOO_LARGE)
      return spans.length > 1 ? await this.#sendHalves(spans) : await this.#sendShorter(spans[0]!, result);
    const retry = this.#retry(spans, result);
    const isEnding = this.#urgency !== 'normal';
    this.#say(result, !retry || (isEnding && (result.refused === true || this.#urgency === 'over')));
    if (retry) return { code: 1, retry };
    const isKept = MISCONFIGURED.includes(result.status ?? 0) && this.keep?.(spans);
    if (!isKept) this.#options.delivery.lose('unsent', spans.length);
    return { code: 1, error: new Error(result.reason) };
  }

  async #sendOnce(spans: ReadableSpan[]): Promise<SendResult> {
    const { sender } = this.#options;
    if (this.#urgency === 'over') return { ok: false, retryable: true, reason: 'the app has ended' };
    const payload = this.#serialize(spans);
    if (!payload) return { ok: false, retryable: false, reason: 'the spans could not be serialised' };
    this.#underway.set(payload, spans);
    const result = await sender.send(payload, () => this.onWritten?.(spans));
    return this.#underway.delete(payload) ? result : TAKEN;
  }

  #serialize(spans: ReadableSpan[]): Uint8Array | undefined {
    const { serializer, transform } = this.#options;
    return serializer.serializeRequest(transform ? spans.map(transform) : spans);
  }

  #retry(
    spans: ReadableSpan[],
    { retryable, retryAfterMillis, refused, status }: Failure,
  ): Retry | undefined {
    const first = spans[0]!;
    if (!retryable) {
      const attempts = (this.#attempts.get(first) ?? 0) + 1;
      if (!isLikelyTrouble(status) || attempts >= TROUBLE_ATTEMPTS) return undefined;
      this.#attempts.set(first, attempts);
    }
    return { spans, afterMillis: retryAfterMillis, isGone: refused };
  }

  async #sendHalves(spans: ReadableSpan[]): Promise<ExportOutcome> {
    const middle = Math.ceil(spans.length / 2);
    const rest = spans.slice(middle);
    this.#later.add(rest);
    const first = await this.#send(spans.slice(0, middle));
    if (!this.#later.delete(rest)) return { code: 1 };
    const second = await this.#send(rest);
    const unsent = [...(first.retry?.spans ?? []), ...(second.retry?.spans ?? [])];
    return {
      code: first.code === 0 ? second.code : 1,
      wasTooLarge: true,
      ...(unsent.length > 0 && { retry: { ...first.retry, ...second.retry, spans: unsent } }),
    };
  }

  /** A single span that is too large for the backend: its texts are shortened, in the end it goes without. */
  async #sendShorter(span: ReadableSpan, refused: Failure): Promise<ExportOutcome> {
    const { delivery, shorter: shortenedCopy } = this.#options;
    let result: SendResult = refused;
    for (const characters of SHORTER) {
      const shorter = shortenedCopy(span, characters);
      // Nothing of it can be made shorter than it was.
      if (!shorter) continue;
      result = await this.#sendOnce([shorter]);
      if (result === TAKEN) return { code: 1 };
      if (result.ok) {
        log.once('warn', `${delivery.title} finds single spans too large: their texts are shortened`);
        this.#sent(1, result.body);
        return { code: 0 };
      }
      if (result.status !== TOO_LARGE) break;
    }
    const retry = result.status === TOO_LARGE ? undefined : this.#retry([span], result);
    this.#say(result, !retry);
    if (retry) return { code: 1, retry };
    delivery.lose('tooLarge', 1);
    return { code: 1, error: new Error(result.reason) };
  }

  #sent(count: number, body: Uint8Array): void {
    const { delivery, url } = this.#options;
    const partial = this.#answer(body)?.partialSuccess;
    const rejected = Math.min(Math.max(Number(partial?.rejectedSpans ?? 0) || 0, 0), count);
    delivery.sent += count - rejected;
    delivery.lose('rejected', rejected);
    log.debug(`sent ${count} spans to ${delivery.title} (${shownUrl(url)})`);
    delivery.works();
    if (rejected === 0 && !partial?.errorMessage) return;
    const reason = this.#withoutSecrets(partial?.errorMessage || 'no reason given');
    // Once, however many it says it of; how many there were is said at the end.
    log.onceAs(
      `${delivery.title} rejects`,
      'warn',
      rejected > 0
        ? `${delivery.title} rejected ${rejected} of ${count} spans: ${reason}`
        : `${delivery.title} took all spans, and says: ${reason}`,
    );
  }

  #say({ reason, status }: Failure, isFinal: boolean): void {
    const { delivery, url, hints } = this.#options;
    const hint = status === undefined ? undefined : hints?.[status];
    const line = ` (${shownUrl(url)}) fails: ${this.#withoutSecrets(reason)}${hint ? `; ${hint}` : ''}`;
    delivery.fails(line, isFinal);
  }

  #keep(spool: Spool, spans: ReadableSpan[]): boolean {
    const payload = this.#serialize(spans);
    return payload !== undefined && spool.keep(payload, spans.length);
  }

  /** One file; answers whether there may be another that can be sent. */
  async #sendKept(spool: Spool): Promise<boolean> {
    const { delivery, sender } = this.#options;
    if (this.#urgency === 'over') return false;
    const claim = spool.claim();
    if (!claim) return false;
    const result = await sender.send(claim.payload);
    if (result.ok) {
      claim.done();
      delivery.sentLater(claim.count, claim.isOurs);
      log.debug(`sent ${claim.count} spans to ${delivery.title} that were kept`);
      return true;
    }
    if (isWorthKeeping(result)) {
      claim.release();
      return false;
    }
    // It would never be taken, and what comes after it would wait for ever.
    claim.done();
    this.#say(result, true);
    delivery.lose(result.status === TOO_LARGE ? 'tooLarge' : 'unsent', claim.count);
    if (claim.isOurs) delivery.kept -= claim.count;
    return true;
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
