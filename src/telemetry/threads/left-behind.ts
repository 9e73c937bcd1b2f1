import { flushReceived, ReceivedSpans, receivedDestinations } from '../received-spans';
import type { SpanRecord } from '../span-record';
import { telemetry } from '../telemetry';
import { type LogMemory, SharedLog } from './shared-log';
import type { Word } from './witness';

/** How long a request of a thread that goes on may take to be written, where the process ends. */
const WRITTEN_MILLIS = 300;

/** Where a thread writes what it has open and unsent. */
export interface LeftBehind {
  /** All of that is exported from here. */
  takeOver(isAlive: boolean): void;
}

/** `takeAll` is called where this process, or thread, ends and all it has started with it. */
export function leftBehindBy(memory: unknown, takeAll: () => void): LeftBehind {
  const log = new SharedLog(memory as LogMemory);
  log.hear();
  telemetry().takeIn({ destinations: receivedDestinations, flush: flushReceived, takeAll });
  return {
    takeOver(isAlive) {
      if (!log.take()) return;
      const { configs, open, unsent } = isAlive ? leftWhenWritten(log) : leftOf(log);
      const received = new ReceivedSpans(() => {});
      for (const { config, resource } of configs) received.take({ config, resource });
      for (const start of open) received.take({ start });
      for (const { end, to } of unsent) received.take({ end, to });
      if (received.isGone()) received.interruptOpen('the end of its thread');
    },
  };
}

/** What is just being written is better sent by the one who writes it. */
function leftWhenWritten(log: SharedLog): Left {
  const until = performance.now() + WRITTEN_MILLIS;
  for (;;) {
    const left = leftOf(log);
    const millis = until - performance.now();
    if (!left.isSending || millis <= 0) return left;
    log.waitForMore(millis);
  }
}

interface Left {
  configs: Extract<Word, { resource: unknown }>[];
  open: Iterable<SpanRecord>;
  unsent: { end: SpanRecord; to: string }[];
  isSending: boolean;
}

export function leftOf(log: Pick<SharedLog, 'read'>): Left {
  const configs: Left['configs'] = [];
  const open = new Map<string, SpanRecord>();
  const unsent = new Map<string, { end: SpanRecord; to: string; state: 'waits' | 'sending' | 'written' }>();
  const keyOf = (id: string, to: string) => `${id} ${to}`;
  const setAll = (ids: readonly string[], to: string, state: 'waits' | 'sending' | 'written') => {
    for (const id of ids) {
      const known = unsent.get(keyOf(id, to));
      if (known) known.state = state;
    }
  };
  for (const line of log.read()) {
    const word = JSON.parse(line) as Word;
    if ('config' in word) configs.push(word);
    else if ('start' in word) open.set(word.start.context.spanId, word.start);
    else if ('progress' in word) Object.assign(open.get(word.progress)?.attributes ?? {}, word.attributes);
    else if ('end' in word) {
      const { spanId } = word.end.context;
      open.delete(spanId);
      unsent.set(keyOf(spanId, word.to), { ...word, state: 'waits' });
    } else if ('sending' in word) setAll(word.sending, word.to, 'sending');
    else if ('written' in word) setAll(word.written, word.to, 'written');
    else if ('again' in word) setAll(word.again, word.to, 'waits');
    else for (const id of word.settled) unsent.delete(keyOf(id, word.to));
  }
  const all = [...unsent.values()];
  return {
    configs: configs.slice(-1),
    open: open.values(),
    unsent: all.filter(({ state }) => state !== 'written'),
    isSending: all.some(({ state }) => state === 'sending'),
  };
}
