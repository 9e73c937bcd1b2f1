import { createHash } from 'crypto';
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'fs';
import { hostname } from 'os';
import { join } from 'path';
import { log } from '../../config/log';
import type { Delivery } from '../delivery';
import { makePrivateFolder } from './private-folder';

export interface SpoolOptions {
  folder: string;
  maxBytes: number;
  /** What is kept for one destination is sent to no other one. */
  destination: string;
  delivery: Delivery;
}

/** A request that was kept, in the hands of this process alone. */
export interface Claim {
  payload: Uint8Array;
  /** Spans in it. */
  count: number;
  /** This process has kept it. */
  isOurs: boolean;
  /** It has arrived, or never will. */
  done(): void;
  /** Somebody may try again. */
  release(): void;
}

const PREFIX = 'respan-';
const SUFFIX = '.otlp';
const CLAIMED = '.claimed';
/** What stays from a process that died while it wrote. */
const UNFINISHED = '.tmp';
/** Of a process on another machine nobody can ask whether it lives. */
const ABANDONED_MILLIS = 10 * 60_000;

let sequence = 0;

/**
 * RESPAN_SPOOL_DIR: requests that could not be sent, one file each, for whatever process comes next. A file gets its
 * name when it is complete, and is claimed by renaming it, which of several processes only one can. What a process
 * had claimed when it died is claimed anew: whether it was sent nobody knows, and a span twice is better than none.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #prefix: string;
  readonly #me = `${hostname().replace(/[^\w-]/g, '_')}~${process.pid}`;
  #isBroken = false;
  /** Files that this process found to be somebody else's to handle. */
  readonly #passedOver = new Set<string>();

  constructor(options: SpoolOptions) {
    this.#options = options;
    const id = createHash('sha256').update(options.destination).digest('hex').slice(0, 12);
    this.#prefix = `${PREFIX}${id}-`;
  }

  /** Answers whether the spans are safe; never throws. */
  keep(payload: Uint8Array, count: number): boolean {
    const { folder, maxBytes, delivery } = this.#options;
    if (this.#isBroken || payload.byteLength > maxBytes) return false;
    try {
      makePrivateFolder(folder);
      this.#makeRoom(maxBytes - payload.byteLength);
      const stamp = String(Date.now()).padStart(15, '0');
      sequence += 1;
      const name = `${this.#prefix}${stamp}-${this.#me}-${String(sequence).padStart(6, '0')}-${count}${SUFFIX}`;
      const path = join(folder, name);
      // `wx`: never through a link that somebody has put there.
      const descriptor = openSync(path + UNFINISHED, 'wx', 0o600);
      try {
        for (let done = 0; done < payload.byteLength; ) done += writeSync(descriptor, payload, done);
      } finally {
        closeSync(descriptor);
      }
      renameSync(path + UNFINISHED, path);
      delivery.kept += count;
      return true;
    } catch (error) {
      this.#isBroken = true;
      log.once('warn', `RESPAN_SPOOL_DIR: spans cannot be kept in ${folder}: ${(error as Error).message}`);
      return false;
    }
  }

  /** The oldest request that nobody else is sending. Never throws. */
  claim(): Claim | undefined {
    for (const name of this.#names()) {
      if (!name.startsWith(this.#prefix) || this.#passedOver.has(name)) continue;
      const free = this.#freeName(name);
      if (!free) continue;
      try {
        return this.#claim(name, free);
      } catch {
        // Another process was faster, or it cannot be read.
        this.#passedOver.add(name);
      }
    }
    return undefined;
  }

  #claim(name: string, free: string): Claim {
    const { folder } = this.#options;
    const path = join(folder, name);
    const mine = join(folder, `${free}.${this.#me}${CLAIMED}`);
    renameSync(path, mine);
    const payload = ownFile(mine);
    if (!payload) {
      renameSync(mine, path);
      throw new Error('not ours to send');
    }
    return {
      payload,
      count: Number(/-(\d+)\.otlp$/.exec(free)?.[1] ?? 0),
      isOurs: free.includes(`-${this.#me}-`),
      done: () => quietly(() => unlinkSync(mine)),
      release: () => quietly(() => renameSync(mine, join(folder, free))),
    };
  }

  /** The name a file has while nobody has claimed it; undefined where its claim holds. */
  #freeName(name: string): string | undefined {
    if (name.endsWith(SUFFIX)) return name;
    const [, free, host, pid] = /^(.+\.otlp)\.([\w-]+)~(\d+)\.claimed$/.exec(name) ?? [];
    if (!free || `${host}~${pid}` === this.#me) return undefined;
    const isAbandoned = this.#me.startsWith(`${host}~`)
      ? !isAlive(Number(pid))
      : this.#age(name) > ABANDONED_MILLIS;
    return isAbandoned ? free : undefined;
  }

  #age(name: string): number {
    try {
      // Renaming changes `ctime`.
      return Date.now() - lstatSync(join(this.#options.folder, name)).ctimeMs;
    } catch {
      return 0;
    }
  }

  /** The oldest first: names begin with destination and time. */
  #names(): string[] {
    try {
      return readdirSync(this.#options.folder).sort();
    } catch {
      return [];
    }
  }

  /** Drops the oldest files, whatever destination they are for, until no more than `bytes` are left. */
  #makeRoom(bytes: number): void {
    const { folder, delivery } = this.#options;
    const files = this.#names()
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => ({ name, ...stat(join(folder, name)) }))
      .sort((a, b) => a.time - b.time);
    let size = files.reduce((sum, file) => sum + file.size, 0);
    for (const { name, size: freed, time } of files) {
      const isLeftover = name.endsWith(UNFINISHED) && Date.now() - time > ABANDONED_MILLIS;
      if (size <= bytes && !isLeftover) continue;
      // What somebody is sending is about to go by itself.
      if (!isLeftover && !name.endsWith(SUFFIX)) continue;
      try {
        unlinkSync(join(folder, name));
      } catch {
        continue;
      }
      size -= freed;
      if (isLeftover) continue;
      const count = Number(/-(\d+)\.otlp$/.exec(name)?.[1] ?? 0);
      delivery.lose('spool', count);
      if (name.includes(`-${this.#me}-`)) delivery.kept -= count;
    }
  }
}

/** The content of a file that is the user's own and no link: nobody else's spans leave with the user's key. */
function ownFile(path: string): Uint8Array | undefined {
  if (!lstatSync(path).isFile()) return undefined;
  const descriptor = openSync(path, 'r');
  try {
    const { uid } = fstatSync(descriptor);
    if (process.getuid && uid !== process.getuid()) return undefined;
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function stat(path: string): { size: number; time: number } {
  try {
    const { size, mtimeMs } = lstatSync(path);
    return { size, time: mtimeMs };
  } catch {
    return { size: 0, time: 0 };
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // Somebody has tidied up.
  }
}
