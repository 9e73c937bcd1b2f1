import { accessSync, constants } from 'fs';

/**
 * Pure parsers: the text of a variable becomes a value, or says what it should have been.
 * They never throw and never print, so that one place (resolve.ts) words every warning.
 * (`readableFile` is the one that looks outside: at the file.)
 */
export type Parsed<T> = { ok: true; value: T } | { ok: false; expected: string };
export type Parser<T> = (text: string) => Parsed<T>;

const accept = <T>(value: T): Parsed<T> => ({ ok: true, value });
const refuse = <T>(expected: string): Parsed<T> => ({ ok: false, expected });

export const text: Parser<string> = (value) =>
  hasControlCharacters(value) ? refuse('text on one line') : accept(value.trim());

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

export const boolean: Parser<boolean> = (value) => {
  const word = value.trim().toLowerCase();
  if (TRUE.has(word)) return accept(true);
  if (FALSE.has(word)) return accept(false);
  return refuse('true or false');
};

const listItems = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

export const list: Parser<string[]> = (value) => accept(listItems(value));

/** A list out of a fixed vocabulary, any case. */
export function listOf<Word extends string>(words: readonly Word[]): Parser<Word[]> {
  return (value) => {
    const found: Word[] = [];
    for (const item of value.split(',')) {
      const name = item.trim().toLowerCase();
      if (name === '') continue;
      if (!words.includes(name as Word)) return refuse(`a list of ${words.join(', ')}`);
      if (!found.includes(name as Word)) found.push(name as Word);
    }
    return accept(found);
  };
}

/** One word out of a fixed vocabulary, any case. */
export function oneOf<Word extends string>(words: readonly Word[]): Parser<Word> {
  return (value) => {
    const wanted = value.trim().toLowerCase();
    const found = words.find((word) => word.toLowerCase() === wanted);
    return found ? accept(found) : refuse(`one of ${words.join(', ')}`);
  };
}

/** A whole number from `least` on. */
export function integer(least: number): Parser<number> {
  return (value) => {
    const number = /^\d+$/.test(value.trim()) ? Number(value) : Number.NaN;
    return number >= least && Number.isSafeInteger(number)
      ? accept(number)
      : refuse(`a whole number from ${least} on`);
  };
}

const UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** A size in bytes, from `least` on: `67108864`, `64MB`, `64 MiB`. */
export function bytes(least: number): Parser<number> {
  return (value) => {
    const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(value.trim()) ?? [];
    const factor = UNITS[unit.toLowerCase()];
    const size = digits && factor ? Math.round(Number(digits) * factor) : Number.NaN;
    return size >= least && Number.isSafeInteger(size)
      ? accept(size)
      : refuse(`a number of bytes from ${least} on, such as 64MB`);
  };
}

/** What Node's timers can count to; beyond it they fire at once. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

/** A duration in milliseconds; one that no timer can count is as long as a timer can count. */
export function milliseconds(least: number): Parser<number> {
  return (value) => {
    const parsed = integer(least)(value);
    return parsed.ok
      ? accept(Math.min(parsed.value, LONGEST_TIMER_MILLIS))
      : refuse(`${parsed.expected}, in milliseconds`);
  };
}

/** A duration in milliseconds, or with its unit: `1500`, `1500ms`, `2s`. */
export const duration: Parser<number> = (value) => {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s)?$/i.exec(value.trim()) ?? [];
  const millis = Math.round(Number(digits || Number.NaN) * (unit.toLowerCase() === 's' ? 1_000 : 1));
  return Number.isSafeInteger(millis)
    ? accept(Math.min(millis, LONGEST_TIMER_MILLIS))
    : refuse('milliseconds, or a number with its unit: 1500ms, 2s');
};

/** A share between 0 and 1. */
export const ratio: Parser<number> = (value) => {
  const number = /^[\d.]/.test(value.trim()) ? Number(value) : Number.NaN;
  return number >= 0 && number <= 1 ? accept(number) : refuse('a number from 0 to 1');
};

/** The OpenTelemetry specification knows these two spellings only. */
export const strictBoolean: Parser<boolean> = (value) => {
  const word = value.trim().toLowerCase();
  return word === 'true' || word === 'false' ? accept(word === 'true') : refuse('true or false');
};

/** A key that goes into an HTTP header as it is. */
export const token: Parser<string> = (value) =>
  /^[\x21-\x7e]+$/.test(value.trim()) ? accept(value.trim()) : refuse('letters, digits and signs only');

/** Path of a file that can be read. */
export const readableFile: Parser<string> = (value) => {
  try {
    accessSync(value.trim(), constants.R_OK);
    return accept(value.trim());
  } catch {
    return refuse('a file that can be read');
  }
};

/**
 * `key=value,key2=value2`, values percent-decoded, as OTEL_RESOURCE_ATTRIBUTES and
 * OTEL_EXPORTER_OTLP_HEADERS are written. A value keeps every `=` after the first.
 */
export const keyValues: Parser<Record<string, string>> = (value) => {
  const pairs: Record<string, string> = {};
  for (const item of value.split(',')) {
    if (item.trim() === '') continue;
    const split = item.indexOf('=');
    const key = split < 0 ? '' : item.slice(0, split).trim();
    if (key === '') return refuse('key=value,key2=value2');
    const decoded = percentDecode(item.slice(split + 1).trim());
    if (decoded === undefined) return refuse('key=value,key2=value2 with valid percent-encoding');
    pairs[key] = decoded;
  }
  return accept(pairs);
};

const HOST = /^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** Hosts, each with what it speaks where that is said: `host,host:port=shape`. */
export function hostsOf(shapes: readonly string[]): Parser<Record<string, string>> {
  return (value) => {
    const hosts: Record<string, string> = {};
    for (const item of value.split(',')) {
      if (item.trim() === '') continue;
      const [host = '', shape = '', ...rest] = item.split('=').map((part) => part.trim().toLowerCase());
      if (!HOST.test(host) || rest.length > 0) return refuse('host,host:port=shape');
      if (shape !== '' && !shapes.includes(shape)) return refuse(`one of ${shapes.join(', ')} after each =`);
      hosts[host] = shape;
    }
    return accept(hosts);
  };
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Beside the length that is sent anyway they would make two requests of one. */
const HOP_BY_HOP = /^(content-length|transfer-encoding|connection|upgrade|expect|trailer|te)$/i;

/** Like `keyValues`, and every pair is a legal HTTP header: a line break could smuggle in another one. */
export const headers: Parser<Record<string, string>> = (value) => {
  const parsed = keyValues(value);
  if (!parsed.ok) return parsed;
  for (const [name, content] of Object.entries(parsed.value)) {
    if (!HEADER_NAME.test(name)) return refuse('HTTP header names before each =');
    if (HOP_BY_HOP.test(name)) return refuse('no headers that say how a request is carried');
    // Node refuses the request otherwise, and with it every export.
    if (!HEADER_VALUE.test(content)) return refuse('Latin-1 header values on one line');
  }
  return parsed;
};

/** What RESPAN_REDACT knows by name; telemetry/redact/patterns.ts has what they look for. */
export const REDACTIONS = ['keys', 'emails', 'cards', 'phones', 'ips', 'ibans', 'ssns'] as const;

/**
 * Names of built-in patterns, and patterns of the user's: between slashes, or anything that is no plain word. A JSON
 * list, or items with commas between them.
 */
export const redactions: Parser<string[]> = (value) => {
  const items = redactionItems(value.trim());
  if (!items) return refuse('a JSON list of texts');
  const found: string[] = [];
  for (const item of items) {
    const name = item.toLowerCase();
    if (/^(all|true|on|yes|1)$/.test(name)) found.push(...REDACTIONS);
    else if (/^[a-z_-]+$/.test(name)) {
      const wanted = /^(tokens?|secrets?|jwts?)$/.test(name) ? 'keys' : name;
      const known = REDACTIONS.find((word) => word === wanted || word === `${wanted}s`);
      if (!known)
        return refuse(
          `${REDACTIONS.join(', ')}, all, or a pattern between slashes; ${JSON.stringify(item)} is none`,
        );
      found.push(known);
    } else {
      const reason = patternFault(item);
      if (reason) return refuse(`patterns; ${JSON.stringify(item)} ${reason}`);
      found.push(item);
    }
  }
  return accept([...new Set(found)]);
};

function redactionItems(value: string): string[] | undefined {
  if (!value.startsWith('[')) return listItems(value);
  try {
    const items: unknown = JSON.parse(value);
    if (Array.isArray(items) && items.every((item) => typeof item === 'string')) return items;
  } catch {
    // `[a-z]+@x` is a pattern.
    return listItems(value);
  }
  return undefined;
}

/** A pattern as it is written in a variable: `/source/flags`, or its source alone. */
export function patternOf(item: string): RegExp {
  const [, source = item, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(item) ?? [];
  return new RegExp(source, [...new Set(`${flags}g`)].join('').replace('y', ''));
}

function patternFault(item: string): string | undefined {
  try {
    return patternOf(item).test('') ? 'matches where there is nothing' : undefined;
  } catch (error) {
    return `is none (${(error as Error).message})`;
  }
}

export const httpUrl: Parser<string> = (value) => {
  const candidate = value.trim();
  try {
    const url = new URL(candidate);
    if (url.protocol === 'http:' || url.protocol === 'https:') return accept(candidate);
  } catch {
    // Falls through to the same answer as a URL of another scheme.
  }
  return refuse('an http:// or https:// URL');
};

/** As `httpUrl`, or the `host:port` that gRPC endpoints are often written as. */
export const endpoint: Parser<string> = (value) =>
  /^[\w.-]+:\d+$/.test(value.trim()) ? accept(value.trim()) : httpUrl(value);

/** How GenAI instrumentations spell their content switch (research: booleans and the Python vocabulary). */
export const contentCapture: Parser<boolean> = (value) => {
  const word = value.trim().toLowerCase();
  if (word === 'span_only' || word === 'span_and_event') return accept(true);
  // Content only on events means none on spans, and spans are all we send.
  if (word === 'event_only' || word === 'no_content') return accept(false);
  const parsed = boolean(value);
  return parsed.ok ? parsed : refuse('true, false, span_only, event_only, span_and_event or no_content');
};

function percentDecode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function hasControlCharacters(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return /[\u0000-\u001f\u007f]/.test(value.trim());
}
