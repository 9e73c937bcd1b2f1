'use strict';
const { types } = require('node:util');

/**
 * All that an app can see of a value, as text: classes, the names and flags of its properties, what they hold. Getters are
 * asked, since their answers are seen as well; what is of Node itself is told by its class alone. Methods that are hidden
 * properties of one object are left out: a stream or a promise that is followed has one.
 */
module.exports = function observe(value) {
  const seen = new Map();
  let left = 1_500;

  function describe(it, depth) {
    if (typeof it === 'string')
      return JSON.stringify(withoutChance(it.length > 500 ? `${it.slice(0, 500)}(${it.length})` : it));
    if (typeof it === 'number' && it > 1e9) return withoutChance(String(it));
    if (typeof it === 'bigint') return `${it}n`;
    if (typeof it === 'symbol') return String(it);
    if (typeof it === 'function') return `function ${it.name}/${it.length}`;
    if (typeof it !== 'object' || it === null) return Object.is(it, -0) ? '-0' : String(it);
    if (types.isProxy(it)) return 'a proxy';
    if (seen.has(it)) return `<${seen.get(it)}>`;
    seen.set(it, seen.size);
    if (depth > 7 || (left -= 1) < 0) return '…';
    return described(it, depth);
  }

  function described(it, depth) {
    const name = classOf(it);
    if (it instanceof Response)
      return `Response ${it.status} ${describe(it.headers, depth)} used ${it.bodyUsed}`;
    if (it instanceof Headers) return `Headers ${[...it.keys()].filter((key) => !CHANCE.has(key)).join()}`;
    if (it instanceof Date) return 'Date';
    if (ArrayBuffer.isView(it)) return `${name} of ${it.byteLength}`;
    if (types.isPromise(it)) return `${name} ${keysOf(it).map(String).join()}`;
    if (it instanceof Map) return `${name} of ${it.size}`;
    if (OPAQUE.test(name)) return name.replace(/^Internal/, '');
    const properties = keysOf(it).map(
      (key) => `${flags(it, key)}${String(key)}: ${property(it, key, depth)}`,
    );
    if (it instanceof ReadableStream) properties.push(`locked: ${it.locked}`);
    return `${name} {${properties.join(', ')}}`;
  }

  function property(it, key, depth) {
    // With its ports.
    if (it instanceof Error && key === 'socket') return 'a socket';
    if (it instanceof Error && key === 'stack')
      return describe(String(it.stack).split('\n', 1)[0], depth + 1);
    try {
      const value = it[key];
      if (!BY_CHANCE.test(String(key))) return describe(value, depth + 1);
      if (typeof value === 'number') return 'by chance';
      return describe(value, depth + 1).replace(/: [\d.e-]+/g, ': by chance');
    } catch (error) {
      return `throws ${error?.message}`;
    }
  }

  return describe(value, 0);
};

/** Held by sockets, timers and clients: long, and not the library's answer. */
const OPAQUE =
  /^(Socket|TLSSocket|IncomingMessage|ClientRequest|ServerResponse|Agent|AbortSignal|AbortController|Timeout|Immediate|Readable|PassThrough|Transform|Gunzip|ObjectId|.*Client.*|OpenAI|Anthropic|Groq|Together|(Internal)?ReadableStream.*|Writable.*|EventEmitter)$/;
/** Times, and ports. */
const BY_CHANCE = /(Ms|Seconds|PerSecond)$|^(local|remote)Port$/;
const CHANCE = new Set(['date', 'keep-alive', 'connection']);

/** What Node marks promises with while anything uses AsyncLocalStorage (up to Node 22). */
const OF_NODE = /^Symbol\((async_id_symbol|trigger_async_id_symbol|kResourceStore)\)$/;
/** Where a stream of a class of its own is by now: one without anything in it ends a moment after it is handed over. */
const isOfStream = (it, key) => it instanceof ReadableStream && String(key) === 'Symbol(kState)';

const keysOf = (it) =>
  Reflect.ownKeys(it).filter(
    (key) =>
      !(Array.isArray(it) && key === 'length') &&
      !OF_NODE.test(String(key)) &&
      !isOfStream(it, key) &&
      !isHiddenMethod(it, key),
  );

function isHiddenMethod(it, key) {
  const { enumerable, value } = Object.getOwnPropertyDescriptor(it, key) ?? {};
  return enumerable === false && typeof value === 'function';
}

function flags(it, key) {
  const { enumerable, writable, get, set } = Object.getOwnPropertyDescriptor(it, key) ?? {};
  return `${enumerable ? '' : '-'}${get ? 'get ' : ''}${set ? 'set ' : ''}${writable || get || set ? '' : 'const '}`;
}

function classOf(it) {
  try {
    const prototype = Object.getPrototypeOf(it);
    return prototype === null ? 'null' : String(prototype.constructor?.name);
  } catch (error) {
    return `throws ${error?.message}`;
  }
}

/** Ports, times and identifiers that are new each time. */
const withoutChance = (text) =>
  text
    .replace(/(?<=[_-])[0-9a-zA-Z]{24,32}\b|\b[0-9a-f]{24}\b/g, '<id>')
    // What is read of memory that nobody has written.
    .replace(/(?<=is out of range\..* Received )\d{6,}/g, '<number>')
    .replace(/fuzz-\w{6}\b/g, 'fuzz-<folder>')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/\b\d+ms\b/g, '<millis>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\b1[6-9]\d{8}(\d{3})?\b/g, '<time>');

module.exports.withoutChance = withoutChance;
