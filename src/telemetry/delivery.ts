import { log } from '../config/log';

/** Why a span is lost: the words of the line at the end. */
const REASONS = {
  full: 'found the queue full (OTEL_BSP_MAX_QUEUE_SIZE, RESPAN_MAX_QUEUE_BYTES)',
  unsent: 'could not be delivered',
  tooLarge: 'too large for it',
  rejected: 'rejected by it',
  spool: 'found RESPAN_SPOOL_DIR full (RESPAN_MAX_SPOOL_BYTES)',
};
export type Loss = keyof typeof REASONS;

/** Shorter trouble than this is over before anybody could do something about it. */
const TROUBLE_MILLIS = 5_000;
const TROUBLE_ATTEMPTS = 3;

/**
 * The account of one destination: how many spans arrived and how many did not, and what is said of it. One line when
 * sending starts to fail, one when it works again, one at the end where something was lost.
 */
export class Delivery {
  readonly title: string;
  sent = 0;
  /** For another process to send. */
  kept = 0;
  readonly #lost: Record<Loss, number> = { full: 0, unsent: 0, tooLarge: 0, rejected: 0, spool: 0 };
  #trouble:
    | { since: number; attempts: number; line: string; isSaid: boolean; lostBefore: number }
    | undefined;
  #concluded = 0;

  constructor(title: string) {
    this.title = title;
  }

  get lost(): number {
    return Object.values(this.#lost).reduce((sum, count) => sum + count, 0);
  }

  lose(why: Loss, count: number): void {
    this.#lost[why] += count;
  }

  /** Spans that had been kept arrived after all; `isOurs`: this process had kept them. */
  sentLater(count: number, isOurs: boolean): void {
    this.sent += count;
    if (isOurs) this.kept -= count;
  }

  /** An attempt failed; `line` says how. Where it `isFinal`, spans are lost by it or nobody will try again. */
  fails(line: string, isFinal: boolean): void {
    this.#trouble ??= { since: performance.now(), attempts: 0, line, isSaid: false, lostBefore: this.lost };
    const trouble = this.#trouble;
    trouble.attempts += 1;
    trouble.line = line;
    const isLong =
      trouble.attempts >= TROUBLE_ATTEMPTS || performance.now() - trouble.since >= TROUBLE_MILLIS;
    if (isFinal || isLong) this.#sayTrouble();
  }

  works(): void {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    if (!trouble?.isSaid) return;
    const lost = this.lost - trouble.lostBefore;
    log.warn(
      `sending spans to ${this.title} works again; ${lost === 0 ? 'no span was' : `${lost} spans were`} lost`,
    );
  }

  /** At the end, and whenever nobody will send any more: says what was lost, where something was. */
  conclude(): void {
    const { lost, sent, kept, title } = this;
    if (lost + kept === this.#concluded) return;
    this.#concluded = lost + kept;
    this.#sayTrouble();
    const reasons = (Object.keys(REASONS) as Loss[])
      .filter((why) => this.#lost[why] > 0)
      .map((why) => `${this.#lost[why]} ${REASONS[why]}`);
    const keptToo = kept > 0 ? `; ${kept} are kept for the next time` : '';
    if (lost === 0) log.info(`${kept} spans that ${title} did not take are kept for the next time`);
    else
      log.warn(
        `${lost === 1 ? '1 span is' : `${lost} spans are`} lost on ${lost === 1 ? 'its' : 'their'} way to ${title}: ${reasons.join(', ')}; ${sent} arrived${keptToo}`,
      );
  }

  #sayTrouble(): void {
    if (!this.#trouble || this.#trouble.isSaid) return;
    this.#trouble.isSaid = true;
    log.warn(`sending spans to ${this.title}${this.#trouble.line}`);
  }
}
