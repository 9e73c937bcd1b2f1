import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/config/nearest';
import { catalog } from '../../src/instruments/catalog';
import { findRow, selectRows } from '../../src/loader/select';

const ids = (instruments: string[] | undefined, blockInstruments: string[] = []) =>
  selectRows({ instruments, blockInstruments }).rows.map(({ id }) => id);

describe('selectRows', () => {
  it('is everything by default', () => {
    expect(ids(undefined)).toEqual(catalog.map(({ id }) => id));
  });
  it('is what is named, by id or alias, in any case, and threading', () => {
    expect(ids(['OpenAI', 'claude'])).toEqual(['openai', 'anthropic', 'threading']);
  });
  it('is threading alone for none, and nothing when that is blocked too', () => {
    expect(ids([])).toEqual(['threading']);
    expect(ids([], ['threading'])).toEqual([]);
  });
  it('leaves out what is blocked, which is stronger than what is named', () => {
    expect(ids(undefined, ['openai'])).not.toContain('openai');
    expect(ids(['openai', 'anthropic'], ['azure'])).toEqual(['anthropic', 'threading']);
  });
  it('warns of names it does not know, with the near one', () => {
    const { warnings } = selectRows({ instruments: ['opnai'], blockInstruments: ['xyzzyxyzzy'] });
    expect(warnings).toEqual([
      'RESPAN_INSTRUMENTS: there is no instrument "opnai"; did you mean openai?',
      'RESPAN_BLOCK_INSTRUMENTS: there is no instrument "xyzzyxyzzy"; `respan instruments` lists them',
    ]);
  });
});

it('takes a dash for an underscore', () => {
  expect(findRow(' Azure-OpenAI ')?.id).toBe('openai');
});

it.each([
  ['antropic', 'anthropic'],
  ['opneai', 'openai'],
  ['OPENAI', 'openai'],
  ['thread', 'threading'],
  ['somethingelse', undefined],
  ['', undefined],
])('the word nearest to %j is %j', (typed, meant) => {
  expect(nearest(typed, ['openai', 'anthropic', 'threading'])).toBe(meant);
});
