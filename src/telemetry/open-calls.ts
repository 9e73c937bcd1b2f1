import { safely } from '../config/safely';
import type { Attributes } from './api';

/**
 * Calls whose span has not ended. At the end of the process each one is settled: it ends with what is known,
 * instead of being lost.
 */
export interface OpenCall {
  settle(): void;
  /** What is known so far; undefined where that is no more than it was last time. */
  peek?(): { spanId: string; attributes: Attributes } | undefined;
}

export class OpenCalls {
  readonly #calls = new Set<OpenCall>();

  get size(): number {
    return this.#calls.size;
  }

  /** What has come to be known of those that are open. */
  *news(): Generator<{ spanId: string; attributes: Attributes }> {
    for (const call of this.#calls) {
      const news = safely('an open call', () => call.peek?.());
      if (news) yield news;
    }
  }

  add(call: OpenCall): void {
    this.#calls.add(call);
  }

  delete(call: OpenCall): void {
    this.#calls.delete(call);
  }

  settleAll(): void {
    for (const call of [...this.#calls]) {
      this.#calls.delete(call);
      call.settle();
    }
  }
}

/** Calls nobody can go on with any more end when their object is collected; until then they stay open. */
export const abandoned = new FinalizationRegistry<() => void>((settle) => settle());
