import { writeSync } from 'fs';
import type { Socket } from 'net';
import { builtin } from '../config/builtin';
import { safely } from '../config/safely';
import { isThread } from '../config/threads';
import { untraced } from './context';
import type { Reply, Told } from './span-record';

/** What waits while the other side does not read; beyond it, what is told is lost. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const RETRY_MILLIS = 5;
const JOINED_BYTES = 128 * 1024;
/** How long nothing is tried where there was no room. */
const FULL_MILLIS = 1;

type WithHandle = Socket & { _handle?: { fd?: number } | null };

/**
 * The way to `respan run`, which started this process and sees to its spans. Writes go to the operating system at once:
 * what is written is there whatever becomes of this process, SIGKILL included. Nothing here blocks or holds the event loop.
 */
export class RunChannel {
  readonly #socket: WithHandle;
  readonly #replies = new Map<number, (ok: boolean) => void>();
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOpen = true;
  #replyCount = 0;
  #isFullUntil = 0;
  /** What was told while too much was waiting. */
  dropped = 0;

  constructor(path: string) {
    const { connect } = builtin<typeof import('net')>('net');
    // A local socket is connected, or refused, before this returns.
    this.#socket = untraced(() => connect(path));
    this.#socket.unref();
    this.#socket.on('error', () => this.#close());
    this.#socket.on('close', () => this.#close());
    // Later: reading begins in a tick, and a tick more or less shows in the stack of an app's error.
    setImmediate(() => this.#listen()).unref();
    this.write({ hello: { pid: process.pid, isThread: isThread() } });
  }

  #listen(): void {
    let text = '';
    this.#socket.setEncoding('utf8').on('data', (data: string) => {
      const lines = (text + data).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) safely('respan run', () => this.#onReply(JSON.parse(line) as Reply));
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** All is written, and nothing is waited for. */
  isIdle(): boolean {
    return this.#waiting.length === 0 && this.#replies.size === 0;
  }

  /** Whether it is on its way. */
  write(told: Told): boolean {
    if (!this.#isOpen) return false;
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#push();
      if (this.#waitingBytes > MAX_WAITING_BYTES) {
        this.dropped += 1;
        return this.#isOpen;
      }
    }
    const bytes = Buffer.from(`${JSON.stringify(told)}\n`);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    // To be told that there is no room costs more than a write.
    if (this.#isFullUntil < performance.now()) this.#push();
    return this.#isOpen;
  }

  /** Answers with what the other side says to it; false where it is gone. */
  ask(told: { flush: true } | { together: (Told & { together: unknown })['together'] }): Promise<boolean> {
    const reply = ++this.#replyCount;
    return new Promise((resolve) => {
      this.#replies.set(reply, resolve);
      if (!this.write({ ...told, reply } as Told)) this.#close();
    });
  }

  /** Where nothing asynchronous happens any more: waits for the other side to read. */
  drain(deadline: number): void {
    while (this.#isOpen && this.#waiting.length > 0 && performance.now() < deadline) {
      this.#push();
      if (this.#waiting.length > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }

  #push(): void {
    const fd = this.#socket._handle?.fd ?? -1;
    try {
      while (this.#waiting.length > 0) {
        const first = this.#joinFirst();
        const written = writeSync(fd, first);
        this.#waitingBytes -= written;
        if (written === first.length) this.#waiting.shift();
        else this.#waiting[0] = first.subarray(written);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
        this.#close();
        return;
      }
      this.#isFullUntil = performance.now() + FULL_MILLIS;
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#push();
      }, RETRY_MILLIS).unref();
    }
  }

  /** One write for what has piled up. */
  #joinFirst(): Buffer {
    const [first] = this.#waiting as [Buffer];
    if (this.#waiting.length === 1 || first.length >= JOINED_BYTES) return first;
    let bytes = 0;
    const end = this.#waiting.findIndex((one) => (bytes += one.length) >= JOINED_BYTES);
    const joined = Buffer.concat(this.#waiting.splice(0, end < 0 ? this.#waiting.length : end + 1));
    this.#waiting.unshift(joined);
    return joined;
  }

  #onReply({ reply, ok }: Reply): void {
    this.#replies.get(reply)?.(ok);
    this.#replies.delete(reply);
  }

  #close(): void {
    this.#isOpen = false;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#socket.destroy();
    for (const resolve of this.#replies.values()) resolve(false);
    this.#replies.clear();
  }
}
