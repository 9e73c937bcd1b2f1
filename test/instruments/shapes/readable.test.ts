import { setImmediate as soon } from 'node:timers/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';

let observeInPlace: typeof import('../../../src/instruments/shapes/ai_sdk/readable').observeInPlace;

/** Whether pipes can be looked into is known in a moment, and never where Node keeps nothing that is known to us. */
async function loadWhere(pipesAre: string): Promise<void> {
  vi.resetModules();
  ({ observeInPlace } = await import('../../../src/instruments/shapes/ai_sdk/readable'));
  const { tryPipes } = await import('../../../src/instruments/shapes/ai_sdk/pipes');
  if (pipesAre === SEEN) tryPipes();
  await soon();
}

const SEEN = 'pipes are seen';

const END = 'end';
const FAIL = 'fail';

/** Chunks that come when they are asked for, `late` microtasks later; then an end or an error, or neither. */
function source(
  chunks: number,
  last: string,
  late: number,
  note: (what: string) => void,
): ReadableStream<number> {
  let given = 0;
  return new ReadableStream<number>(
    {
      async pull(controller) {
        note('asked');
        for (let tick = 0; tick < late; tick++) await undefined;
        if (given < chunks) controller.enqueue(given++);
        else if (last === END) controller.close();
        else if (last === FAIL) controller.error(new Error('broken'));
        // As a stream does that goes on by itself.
        if (given === chunks && last === FAIL && late > 1) controller.error(new Error('broken at once'));
      },
      cancel(reason) {
        note(`cancelled: ${String(reason)}`);
        if (reason === 'throw') throw new Error('not cancelled');
      },
    },
    { highWaterMark: late % 2 },
  );
}

async function readAll(
  name: string,
  stream: ReadableStream<unknown>,
  stopAt: number,
  note: (what: string) => void,
) {
  const reader = stream.getReader();
  reader.closed.then(
    () => note(`${name} closed`),
    (error: Error) => note(`${name} closed: ${error.message}`),
  );
  try {
    for (let index = 0; ; index++) {
      if (index === stopAt) {
        note(`${name} stops`);
        await reader.cancel(stopAt === 2 ? 'throw' : name);
        note(`${name} stopped`);
        return;
      }
      const { done, value } = await reader.read();
      note(`${name} ${done ? 'done' : String(value)}`);
      if (done) return;
    }
  } catch (error) {
    note(`${name} failed: ${(error as Error).message}`);
  }
}

const ways: Record<
  string,
  (stream: ReadableStream<number>, stops: number[], note: (what: string) => void) => unknown
> = {
  tee(stream, [left, right], note) {
    const branches = stream.tee();
    note(`locked: ${stream.locked}`);
    return Promise.all([
      readAll('left', branches[0], left!, note),
      readAll('right', branches[1], right!, note),
    ]);
  },
  'one branch': (stream, [left], note) => readAll('left', stream.tee()[0], left!, note),
  'a branch through another stream': (stream, [left], note) =>
    readAll('left', stream.tee()[0].pipeThrough(new TransformStream()), left!, note),
  getReader: (stream, [left], note) => readAll('reader', stream, left!, note),
};

const pipes: typeof ways = {
  pipeThrough: (stream, [left], note) =>
    readAll('piped', stream.pipeThrough(several()).pipeThrough(several()), left!, note),
  pipeTo: (stream, [left], note) =>
    stream.pipeTo(sink(left!, note)).then(
      () => note('piped'),
      (error) => note(`failed: ${String(error)}`),
    ),
};

/** Passes each chunk on three times: what is queued goes on at once. */
const several = () =>
  new TransformStream<number, number>({
    transform(chunk, controller) {
      for (let time = 0; time < 3; time++) controller.enqueue(chunk);
    },
  });

const sink = (stopAt: number, note: (what: string) => void) =>
  new WritableStream<number>({
    write(chunk) {
      note(`written ${chunk}`);
      if (chunk === stopAt) throw new Error('full');
    },
    close: () => note('closed'),
    abort: (reason) => note(`aborted: ${String(reason)}`),
  });

/** What happens, and in which microtask. */
async function seen(
  way: (typeof ways)[string],
  [chunks, last, late, stops]: [number, string, number, number[]],
  observe: (stream: ReadableStream<number>) => void,
): Promise<string[]> {
  const lines: string[] = [];
  let tick = 0;
  const note = (what: string) => void lines.push(`${tick} ${what}`);
  const stream = source(chunks, last, late, note);
  observe(stream);
  void way(stream, stops, note);
  for (const end of [100, 200, 300]) {
    for (; tick < end; tick++) await undefined;
    await new Promise(setImmediate);
  }
  return lines;
}

const cases = [0, 1, 3].flatMap((chunks) =>
  [END, FAIL, 'never'].flatMap((last) =>
    [0, 1, 2, 5].flatMap((late) =>
      [
        [-1, -1],
        [1, -1],
        [-1, 0],
        [1, 2],
        [2, 2],
      ].map((stops): [number, string, number, number[]] => [chunks, last, late, stops]),
    ),
  ),
);

describe.each([SEEN, 'pipes are not seen'])('a stream observed in place, where %s', (pipesAre) => {
  beforeAll(() => loadWhere(pipesAre));
  const exact = pipesAre === SEEN ? { ...ways, ...pipes } : ways;

  it.each(Object.entries(exact))('gives each chunk in the microtask it came in: %s', async (_, way) => {
    for (const one of cases) {
      const without = await seen(way, one, () => {});
      const onItem = vi.fn();
      const observed = await seen(way, one, (stream) =>
        observeInPlace(stream, { onItem, onDone() {}, onError() {} }),
      );
      expect([one, inTicks(observed)]).toEqual([one, inTicks(without)]);
    }
  });

  it.each(['tee', 'getReader', 'pipeThrough', 'values'])('tells what went by, once, by %s', async (how) => {
    const told: unknown[] = [];
    const stream = source(3, END, 1, () => {});
    observeInPlace(stream, {
      onItem: (item) => void told.push(item),
      onDone: (isCanceled) => void told.push(isCanceled ? 'cancelled' : 'done'),
      onError: () => void told.push('error'),
    });
    const read: unknown[] = [];
    if (how === 'values') read.push(...(await all(stream)));
    else {
      const given = {
        tee: () => stream.tee()[1],
        pipeThrough: () => stream.pipeThrough(new TransformStream()),
        getReader: () => stream,
      }[how]!();
      const reader = given.getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) read.push(next.value);
      await reader.read();
    }
    expect(read).toEqual([0, 1, 2]);
    expect(told).toEqual([0, 1, 2, 'done']);
    expect(stream.locked).toBe(true);
  });

  it.each(['itself', 'tee', 'getReader', 'pipeThrough', 'pipeTo'])(
    'tells of a cancellation and of an error by %s',
    async (how) => {
      for (const last of [FAIL, 'never']) {
        const told: unknown[] = [];
        const stream = source(1, last, 0, () => {});
        observeInPlace(stream, {
          onItem() {},
          onDone: (isCanceled) => void told.push(isCanceled ? 'cancelled' : 'done'),
          onError: (error) => void told.push((error as Error).message),
        });
        if (how === 'itself') {
          if (last === 'never') await stream.cancel();
          else await all(stream).catch(() => {});
        } else if (how === 'tee') {
          const branches = stream.tee();
          if (last === 'never') await Promise.all(branches.map((branch) => branch.cancel()));
          else await Promise.all(branches.map((branch) => readAll('', branch, -1, () => {})));
        } else if (how === 'getReader') {
          const reader = stream.getReader();
          if (last === 'never') await reader.cancel();
          else await reader.read().then(() => reader.read().catch(() => {}));
        } else if (how === 'pipeThrough') {
          const reader = stream.pipeThrough(new TransformStream()).getReader();
          await reader.read();
          if (last === 'never') await reader.cancel();
          else await reader.read().catch(() => {});
          // Node's pipe lets the source know a few microtasks later.
          await soon();
        } else {
          const sink = new WritableStream({
            write() {
              if (last === 'never') throw new Error('full');
            },
          });
          await stream.pipeTo(sink).catch(() => {});
        }
        expect(told).toEqual([last === FAIL ? 'broken' : 'cancelled']);
      }
    },
  );

  it('leaves the stream as it looks', () => {
    const stream = source(1, END, 0, () => {});
    observeInPlace(stream, { onItem() {}, onDone() {}, onError() {} });
    expect(Object.keys(stream)).toEqual([]);
    expect(stream).toBeInstanceOf(ReadableStream);
    const plain = source(1, END, 0, () => {});
    for (const one of [stream, plain]) one.getReader();
    for (const name of ['tee', 'getReader', 'values', 'pipeThrough'] as const) {
      const said = (one: ReadableStream<number>) => {
        try {
          one[name](new TransformStream() as never);
        } catch (error) {
          return (error as Error).message;
        }
      };
      expect([name, said(stream)]).toEqual([name, said(plain)]);
      expect(said(stream)).toContain('locked');
    }
  });
});

/** A branch learns one microtask later that it has been cancelled, and within one microtask the order is not compared. */
const inTicks = (lines: string[]) =>
  lines.map((line) => (line.endsWith(' stopped') ? line.slice(line.indexOf(' ')) : line)).sort();

async function all<T>(stream: ReadableStream<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
