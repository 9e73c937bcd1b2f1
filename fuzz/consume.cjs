'use strict';
const { setImmediate: turn } = require('node:timers/promises');

/**
 * Calls, and does with what comes back what apps do: waits for it, asks for it twice, reads streams to the end, leaves
 * them, throws inside of the loop, breaks off by a signal, or never looks at it. All that is seen goes to `note`.
 */
module.exports = async function consume(random, note, call) {
  const controller = new AbortController();
  const way = random.pick(WAYS);
  if (way === 'aborted before') controller.abort();
  const result = call(random.chance(0.4) || way.startsWith('aborted') ? controller.signal : undefined);
  note('called', result);
  if (way === 'aborted at once') controller.abort();
  if (way === 'not awaited') return notAwaited(result, note);
  if (way === 'twice') note('first', await Promise.resolve(result).catch((error) => note('rejected', error)));
  if (way === 'helpers') await helpers(random, note, result);
  if (way === 'then') {
    // The other two ways to settle.
    await result
      ?.then?.(
        (value) => note('then', value),
        (error) => note('failed', error),
      )
      ?.finally?.(() => note('finally'));
    return;
  }
  const value = await result;
  note('value', value);
  await read(random, note, value, controller);
};

const WAYS = [
  ...['plain', 'plain', 'plain', 'plain', 'plain', 'plain'],
  ...['twice', 'helpers', 'helpers', 'then', 'not awaited', 'aborted before', 'aborted at once'],
];

async function notAwaited(result, note) {
  // An app that forgets to wait mostly handles errors all the same, and so does not end by them.
  await Promise.resolve(result).then(
    (value) => note('later', value),
    (error) => note('rejected later', error),
  );
}

/** What the promises of client libraries can do besides. */
async function helpers(random, note, result) {
  for (const name of ['withResponse', 'asResponse', 'withRawResponse']) {
    if (typeof result?.[name] !== 'function' || random.chance(0.3)) continue;
    try {
      note(name, await result[name]());
    } catch (error) {
      note(`${name} failed`, error);
    }
  }
}

async function read(random, note, value, controller) {
  const stream = streamIn(value);
  if (!stream) return;
  const { chance, below } = random;
  if (chance(0.08)) return note('never read');
  const stopAt = chance(0.4) ? below(6) : -1;
  const how = random.pick(['break', 'throw', 'abort', 'return']);
  if (stream instanceof ReadableStream && chance(0.5)) return readWeb(random, note, stream, stopAt);
  if (typeof stream.tee === 'function' && chance(0.15)) {
    const [left, right] = stream.tee();
    await Promise.all([loop(note, 'left', left), loop(note, 'right', right)]);
    return;
  }
  if (typeof stream.toReadableStream === 'function' && chance(0.15)) {
    return loop(note, 'bytes', stream.toReadableStream(), (bytes) => bytes.length);
  }
  if (how === 'return' && typeof stream.next === 'function') {
    for (let index = 0; index < stopAt; index++) note('next', await stream.next());
    note('return', await stream.return?.('enough'));
    return note('after', await stream.next());
  }
  let index = 0;
  for await (const chunk of stream) {
    note('chunk', chunk);
    if (index++ !== stopAt) continue;
    if (how === 'break') break;
    if (how === 'throw') throw new RangeError(`the app's own`);
    controller.abort();
    stream.controller?.abort?.();
    if (chance(0.5)) await turn();
  }
  note('over', index);
  if (chance(0.3)) for await (const chunk of stream) note('again', chunk);
  for (const name of ['finalMessage', 'finalChatCompletion', 'text', 'usage', 'response']) {
    const further = value?.[name];
    if (further === undefined || chance(0.4)) continue;
    note(name, await (typeof further === 'function' ? value[name]() : further));
  }
}

async function loop(note, what, stream, of = (chunk) => chunk) {
  for await (const chunk of stream) note(what, of(chunk));
}

async function readWeb(_random, note, stream, stopAt) {
  const reader = stream.getReader();
  for (let index = 0; ; index++) {
    if (index === stopAt) return note('cancelled', await reader.cancel('enough'));
    const { done, value } = await reader.read();
    note('read', value instanceof Uint8Array ? undefined : value);
    if (done) return;
  }
}

/** The stream that was asked for, or the one inside of what was. */
function streamIn(value) {
  for (const candidate of [
    value,
    value?.stream,
    value?.completion,
    value?.responseStream,
    value?.body,
    value?.Body,
    value?.textStream,
    value?.fullStream,
  ]) {
    if (typeof candidate?.[Symbol.asyncIterator] === 'function') return candidate;
  }
  return undefined;
}
