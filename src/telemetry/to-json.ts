import { dataUrlPlaceholder } from './data-url';
import { wellFormed } from './suspicious-text';

/** How much of a value is written: strings and lists are cut where it is used up, and say how much is missing. */
interface Budget {
  characters: number;
  values: number;
}

const MAX_DEPTH = 32;
/** Of one attribute; what the platform takes. */
const MAX_CHARACTERS = 1_000_000;
/** Numbers and flags hardly cost characters, but time: objects of a server hold half of the process. */
const MAX_VALUES = 50_000;

/** Beyond any prompt: what has more is no prompt but half of a process, or a list that never ends. */
const MAX_WHOLE = { characters: 16_000_000, values: 1_000_000 };

/** Names under which objects of every kind carry what opens doors. */
export const SECRET =
  /^(api[_-]?key|authorization|password|passwd|secret|client[_-]?secret|private[_-]?key|(access|refresh|auth|bearer|id)[_-]?token)$/i;

/**
 * JSON of anything an app may pass: cycles, BigInt, binary, streams, functions and throwing getters become something
 * readable, secrets are left out by their names, and the whole is bounded (1,000,000 characters, 50,000 values).
 * Never throws.
 */
export function toBoundedJson(value: unknown): string {
  const budget = { characters: MAX_CHARACTERS, values: MAX_VALUES };
  return JSON.stringify(new Reader(budget, SECRET).read(value)) ?? 'null';
}

/** The same in full, as far as a process can take it: what becomes an attribute is shortened when the span has ended. */
export function toJson(value: unknown): string {
  return JSON.stringify(new Reader({ ...MAX_WHOLE }).read(value)) ?? 'null';
}

class Reader {
  readonly #budget: Budget;
  readonly #secret: RegExp | undefined;
  readonly #above = new Set<object>();

  constructor(budget: Budget, secret?: RegExp) {
    this.#budget = budget;
    this.#secret = secret;
  }

  read(value: unknown): unknown {
    this.#budget.values -= 1;
    switch (typeof value) {
      case 'string':
        return dataUrlPlaceholder(value) ?? this.#text(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'bigint':
        return value.toString();
      case 'function':
        return value.name ? `[function ${value.name}]` : '[function]';
      case 'symbol':
        return `[${String(value)}]`;
      case 'object':
        return value === null ? null : this.#object(value);
      default:
        return value;
    }
  }

  #text(text: string): string {
    const { characters } = this.#budget;
    this.#budget.characters -= text.length;
    if (text.length <= characters) return wellFormed(text);
    const kept = Math.max(0, characters);
    return `${wellFormed(text.slice(0, kept))}… [${text.length - kept} more characters]`;
  }

  #isSpent(): boolean {
    return this.#budget.characters <= 0 || this.#budget.values <= 0;
  }

  #object(value: object): unknown {
    if (this.#above.has(value)) return '[circular]';
    if (this.#above.size >= MAX_DEPTH) return '[too deep]';
    this.#above.add(value);
    try {
      return this.#parts(value);
    } catch {
      return '[unreadable]';
    } finally {
      this.#above.delete(value);
    }
  }

  #parts(value: object): unknown {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      return { type: 'blob', bytes: value.byteLength };
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.read(toJSON.call(value));
    if (Array.isArray(value)) return this.#items(value, value.length);
    if (value instanceof Error) return this.#error(value);
    if (value instanceof Map) return this.#entries(value.entries(), value.size);
    if (value instanceof Set) return this.#items(value, value.size);
    if (value instanceof RegExp) return String(value);
    if (isMachinery(value)) return `[${className(value)}]`;
    // A class that keeps its state to itself: its name is all there is to say.
    if (Object.keys(value).length === 0 && className(value) !== 'Object') return `[${className(value)}]`;
    return this.#properties(value as Record<string, unknown>);
  }

  #items(items: Iterable<unknown>, count: number): unknown[] {
    const read: unknown[] = [];
    for (const item of items) {
      if (this.#isSpent()) {
        read.push(`… [${count - read.length} more]`);
        break;
      }
      read.push(this.read(item));
    }
    return read;
  }

  #entries(entries: Iterable<[unknown, unknown]>, count: number): Record<string, unknown> {
    const read: Record<string, unknown> = {};
    let done = 0;
    for (const [key, value] of entries) {
      const name = typeof key === 'object' && key !== null ? `[${className(key)}]` : String(key);
      if (!this.#put(read, name, value, count - done)) break;
      done += 1;
    }
    return read;
  }

  #properties(value: Record<string, unknown>, read: Record<string, unknown> = {}): Record<string, unknown> {
    const names = Object.keys(value);
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      let content: unknown;
      try {
        content = value[name];
      } catch {
        content = '[unreadable]';
      }
      if (!this.#put(read, name, content, names.length - i)) break;
    }
    return read;
  }

  /** Answers whether there is room for more. */
  #put(read: Record<string, unknown>, name: string, value: unknown, left: number): boolean {
    if (this.#isSpent()) {
      read['…'] = `[${left} more]`;
      return false;
    }
    this.#budget.characters -= name.length;
    const shown = this.#isSecret(name, value) ? '[redacted]' : this.read(value);
    if (name !== '__proto__') read[name] = shown;
    else Object.defineProperty(read, name, { value: shown, configurable: true, enumerable: true });
    return true;
  }

  #isSecret(name: string, value: unknown): boolean {
    return this.#secret?.test(name) === true && typeof value !== 'boolean' && value != null;
  }

  #error(error: Error): unknown {
    const { name, message, cause } = error;
    const read: Record<string, unknown> = { name: this.read(name), message: this.read(message) };
    if (cause !== undefined) read.cause = this.read(cause);
    return this.#properties(error as unknown as Record<string, unknown>, read);
  }
}

/** Streams, emitters, promises and the like: what they hold is how they work, not what they are about. */
function isMachinery(value: object): boolean {
  return (
    hasMethod(value, 'then') ||
    hasMethod(value, 'pipe') ||
    (hasMethod(value, 'on') && hasMethod(value, 'emit')) ||
    hasMethod(value, 'getReader') ||
    hasMethod(value, 'next') ||
    value instanceof WeakMap ||
    value instanceof WeakSet
  );
}

/** Getters are not asked: a schema of zod's, which has one for `pipe`, would get a method of its own by that. */
function hasMethod(value: object, name: string): boolean {
  // Asked for every object of every message, of which hardly any has one.
  if (!(name in value)) return false;
  let holder: object | null = value;
  // A Proxy may be its own prototype.
  for (let depth = 0; holder && depth < 32; depth++) {
    const property = Object.getOwnPropertyDescriptor(holder, name);
    if (property) return property.get ? name === 'pipe' : typeof property.value === 'function';
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return false;
}

function className(value: unknown): string {
  try {
    const { constructor: made } = value as { constructor?: { name?: unknown } };
    return typeof made?.name === 'string' && made.name ? made.name : 'Object';
  } catch {
    return 'Object';
  }
}
