import { expect, it } from 'vitest';
import { copied } from '../../src/instruments/infrastructure/copied';

class Message {
  body = 'hello';
}

it('copies what a client is handed, whatever the app has made of it', () => {
  const original = Object.freeze(
    Object.defineProperty(new Message(), 'lazy', {
      enumerable: true,
      get(): never {
        throw new Error('nobody asked');
      },
    }),
  );
  const copy = copied<Message & { headers?: object }>(original, { headers: { a: 1 } });
  copy.body = 'changed';
  expect(copy).toBeInstanceOf(Message);
  expect(Object.keys(copy)).toEqual(['body', 'lazy', 'headers']);
  expect([copy.body, copy.headers, original.body]).toEqual(['changed', { a: 1 }, 'hello']);
  expect(Object.keys(original)).toEqual(['body', 'lazy']);
});
