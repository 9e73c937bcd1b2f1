import { expect, it } from 'vitest';
import { Announced } from '../../src/loader/announced';

it('waits until every announced module has run', () => {
  const announced = new Announced();
  announced.add('/a');
  announced.add('/b');
  expect(announced.isWaiting()).toBe(true);
  announced.ran('/a');
  expect(announced.isWaiting()).toBe(true);
  announced.ran('/never announced');
  announced.ran('/b');
  expect(announced.isWaiting()).toBe(false);
});
