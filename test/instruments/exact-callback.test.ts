import { expect, it } from 'vitest';
import { exactCallbacks } from '../../src/instruments/infrastructure/exact-callback';

type Callback = (...args: unknown[]) => unknown;

/** A client whose `ask` calls back with what it is given. */
function clientOf() {
  const client = {
    answers: [] as unknown[],
    ask(given: unknown[], callback?: Callback) {
      client.answers.push(callback?.(...given));
      return callback;
    },
  };
  return client;
}

/** The same, wrapped by `patched`. */
function clientWith(patched: (callback: Callback) => Callback) {
  const client = clientOf();
  exactCallbacks(client, ['ask', 'nothing'], () => {
    const between = client.ask;
    client.ask = (given, callback) => between(given, callback && patched(callback));
  });
  return client;
}

it('calls back with as many arguments as the library', () => {
  const client = clientWith((callback) => (error, result) => callback(error, result));
  const seen: unknown[][] = [];
  const callback = (...args: unknown[]) => seen.push(args);
  for (const given of [[], [1], [1, 2], [1, 2, 3]]) client.ask(given, callback);
  expect(seen).toEqual([[], [1], [1, 2], [1, 2, 3]]);
  expect(client.answers).toEqual([1, 2, 3, 4]);
});

it('calls back though the instrumentation throws', () => {
  const client = clientWith(() => () => {
    throw new TypeError('what it could not read');
  });
  let seen: unknown[] = [];
  client.ask([1, 2], (...args) => (seen = args));
  expect(seen).toEqual([1, 2]);
});

it("throws what the app's own callback throws, once", () => {
  const client = clientWith((callback) => (error, result) => callback(error, result));
  let calls = 0;
  const ask = () =>
    client.ask([1], () => {
      calls += 1;
      throw new RangeError("the app's own");
    });
  expect(ask).toThrow("the app's own");
  expect(calls).toBe(1);
});

it('leaves the very callback where the instrumentation does', () => {
  const client = clientWith((callback) => callback);
  const callback = () => undefined;
  expect(client.ask([], callback)).toBe(callback);
  expect(client.ask([])).toBeUndefined();
});

it('leaves alone what is not traced', () => {
  const { ask } = clientOf();
  const client = { ask };
  exactCallbacks(client, ['ask'], () => {});
  expect(client.ask).toBe(ask);
  const failing = () =>
    exactCallbacks(client, ['ask'], () => {
      throw new Error('of the patch');
    });
  expect(failing).toThrow('of the patch');
  expect(client.ask).toBe(ask);
});
