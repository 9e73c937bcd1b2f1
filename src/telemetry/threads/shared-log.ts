/** What both sides hold of it. */
export interface LogMemory {
  control: Int32Array;
  buffers: [Uint8Array, Uint8Array];
}

/** Which of the two buffers counts, and how much of it: one number, so that it changes at once. */
const STATE = 0;
const IS_SECOND = 1 << 30;
/** The other side knows of it. */
const HEARD = 1;
/** Who sees to what is in it from now on. */
const OWNER = 2;
const NOBODY = 0;
const READER = 1;
const WRITER = 2;
const FIELDS = 3;

/**
 * Lines that outlive the thread that writes them. A thread may be ended between any two steps of its code, so a line counts
 * from the one moment on in which the length says so, and all of them are written anew beside the old ones.
 */
export class SharedLog {
  readonly memory: LogMemory;

  constructor(memory: LogMemory) {
    this.memory = memory;
  }

  static ofBytes(capacity: number): SharedLog {
    const buffer = () => new Uint8Array(new SharedArrayBuffer(capacity));
    const control = new Int32Array(new SharedArrayBuffer(FIELDS * Int32Array.BYTES_PER_ELEMENT));
    return new SharedLog({ control, buffers: [buffer(), buffer()] });
  }

  get capacity(): number {
    return this.memory.buffers[0].length;
  }

  get #state(): { isSecond: boolean; length: number } {
    const state = Atomics.load(this.memory.control, STATE);
    return { isSecond: (state & IS_SECOND) !== 0, length: state & ~IS_SECOND };
  }

  get length(): number {
    return this.#state.length;
  }

  /** Whether there was room for it. */
  append(line: string): boolean {
    const { isSecond, length } = this.#state;
    return this.#write(line, isSecond, length);
  }

  /** `lines` instead of what was there; false, and nothing has changed, where there is no room for them. */
  rewrite(lines: readonly string[]): boolean {
    return this.#write(lines.join(''), !this.#state.isSecond, 0);
  }

  #write(text: string, isSecond: boolean, at: number): boolean {
    const bytes = Buffer.from(text);
    if (at + bytes.length > this.capacity) return false;
    this.memory.buffers[isSecond ? 1 : 0].set(bytes, at);
    Atomics.store(this.memory.control, STATE, (isSecond ? IS_SECOND : 0) | (at + bytes.length));
    Atomics.notify(this.memory.control, STATE);
    return true;
  }

  read(): string[] {
    const { isSecond, length } = this.#state;
    const text = Buffer.from(this.memory.buffers[isSecond ? 1 : 0].subarray(0, length)).toString('utf8');
    return text.split('\n').slice(0, -1);
  }

  /** Until the writer goes on, or so long. */
  waitForMore(millis: number): void {
    Atomics.wait(this.memory.control, STATE, Atomics.load(this.memory.control, STATE), millis);
  }

  hear(): void {
    Atomics.store(this.memory.control, HEARD, 1);
  }

  get isHeard(): boolean {
    return Atomics.load(this.memory.control, HEARD) === 1;
  }

  /** The reader has taken what is in it. */
  get isTaken(): boolean {
    return Atomics.load(this.memory.control, OWNER) === READER;
  }

  take(): boolean {
    return Atomics.compareExchange(this.memory.control, OWNER, NOBODY, READER) === NOBODY;
  }

  keep(): void {
    Atomics.compareExchange(this.memory.control, OWNER, NOBODY, WRITER);
  }
}
