import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace-base';
import { builtin } from '../../config/builtin';
import type { Config } from '../../config/resolve';
import { safely } from '../../config/safely';
import { channelOf } from '../../config/threads';
import type { Attributes, Context } from '../api';
import { recordOf } from '../span-record';
import { isForUs, startOf, tellNewsSoon } from '../told-span';
import { SharedLog } from './shared-log';
import type { Witness, Word } from './witness';

const WHERE = 'the last words of a thread';
const FIRST_BYTES = 256 * 1024;
const GROWTH = 4;
/** Of what is open and unsent; beyond it, the end of the thread loses some. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Where nothing is left to be told, the log begins anew. */
const LONG_BYTES = 64 * 1024;

const bytesOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);

interface Unsent {
  span: ReadableSpan;
  isWritten: boolean;
}

/**
 * A thread may be terminated at any moment, without another word. What it has open and has not sent is therefore written, as it
 * happens, where the thread that started it finds it. Nobody reads it, and nothing is sent twice, as long as this thread runs.
 */
export function startLastWords(config: Config): Witness {
  const open = new Map<string, { span: WeakRef<Span>; line: string | undefined }>();
  const unsent = new Map<string, Map<string, Unsent>>();
  let resource: Attributes = {};
  let log: SharedLog | undefined;

  const line = (word: Word) => `${JSON.stringify(word)}\n`;

  /** All that is to be known now. */
  function* everything(): Generator<string> {
    yield line({ config, resource });
    for (const [id, { span, line: start }] of open) {
      if (span.deref() === undefined) open.delete(id);
      else if (start) yield start;
    }
    for (const [to, spans] of unsent) {
      for (const [id, { span, isWritten }] of spans) {
        yield line({ end: recordOf(span, true), to });
        if (isWritten) yield line({ written: [id], to });
      }
    }
  }

  function tell(word: string): void {
    safely(WHERE, () => {
      if (log?.isTaken) return;
      const isOver = open.size === 0 && [...unsent.values()].every(({ size }) => size === 0);
      if (isOver && log && log.length > LONG_BYTES) log.rewrite([line({ config, resource })]);
      else if (!log?.append(word)) renew();
    });
  }

  /** With room for as much again, as far as there is. */
  function renew(): void {
    let lines = [...everything()];
    while (bytesOf(lines) > MOST_BYTES / 2 && forgetOldest()) lines = [...everything()];
    const bytes = bytesOf(lines);
    if (log && bytes < log.capacity / 2 && log.rewrite(lines)) return;
    let capacity = log?.capacity ?? FIRST_BYTES;
    while (capacity < bytes * 2 && capacity < MOST_BYTES) capacity *= GROWTH;
    const next = SharedLog.ofBytes(capacity);
    if (!next.rewrite(lines)) return;
    // From here on the other side looks there.
    const { BroadcastChannel, threadId } = builtin<typeof import('worker_threads')>('worker_threads');
    const channel = new BroadcastChannel(channelOf(threadId));
    channel.postMessage(next.memory);
    channel.close();
    log?.keep();
    log = next;
  }

  /** They are sent as ever, if this thread goes on. */
  function forgetOldest(): boolean {
    let isAny = false;
    for (const known of [open, ...unsent.values()] as Map<string, unknown>[]) {
      const oldest = [...known.keys()].slice(0, Math.ceil(known.size / 2));
      for (const id of oldest) known.delete(id);
      isAny ||= oldest.length > 0;
    }
    return isAny;
  }

  const idOf = (span: ReadableSpan) => span.spanContext().spanId;

  return {
    started(span, context: Context) {
      if (!isForUs(span)) return;
      safely(WHERE, () => {
        resource = span.resource.attributes as Attributes;
        const start = line({ start: startOf(span, context) });
        open.set(idOf(span), { span: new WeakRef(span), line: start });
        tell(start);
        tellNewsSoon((news) => {
          tell(line(news));
          return true;
        });
      });
    },
    waits(to, span) {
      safely(WHERE, () => {
        resource = span.resource.attributes as Attributes;
        open.delete(idOf(span));
        let spans = unsent.get(to);
        if (!spans) unsent.set(to, (spans = new Map()));
        spans.set(idOf(span), { span, isWritten: false });
        tell(line({ end: recordOf(span, true), to }));
      });
    },
    leaves: (to, spans) => tell(line({ sending: spans.map(idOf), to })),
    isWritten(to, spans) {
      for (const span of spans) {
        const known = unsent.get(to)?.get(idOf(span));
        if (known) known.isWritten = true;
      }
      tell(line({ written: spans.map(idOf), to }));
    },
    waitsAgain(to, spans) {
      for (const span of spans) {
        const known = unsent.get(to)?.get(idOf(span));
        if (known) known.isWritten = false;
      }
      tell(line({ again: spans.map(idOf), to }));
    },
    isSettled(to, spans) {
      for (const span of spans) unsent.get(to)?.delete(idOf(span));
      tell(line({ settled: spans.map(idOf), to }));
    },
    isTaken: () => log?.isTaken === true,
    isLeftToOthers() {
      if (!log || log.isHeard) return log !== undefined;
      log.keep();
      return false;
    },
  };
}
