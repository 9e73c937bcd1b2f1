import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/config/nearest';
import { catalog } from '../../src/instruments/catalog';
import { findRow, selectRows } from '../../src/loader/select';

const ids = (instruments: string[] | undefined, blockInstruments: string[] = []) =>
  selectRows({ instruments, blockInstruments }).rows.map(({ id }) => id);

describe('selectRows', () => {
  it('is everything by default but what is off', () => {
    const on = catalog.filter(({ isOff }) => !isOff);
    expect(ids(undefined)).toEqual(on.map(({ id }) => id));
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

describe('what is off by default', () => {
  it('is on where it is named', () => {
    expect(ids(['fs'])).toEqual(['fs', 'threading']);
    expect(ids(['all', 'fs', 'pino'])).toEqual(expect.arrayContaining(['openai', 'express', 'pino', 'fs']));
    expect(ids(['all', 'fs'])).not.toContain('net');
  });
});

describe('names of the Python SDK', () => {
  it('are two libraries each', () => {
    expect(ids(['redis', 'pymysql'])).toEqual(['mysql', 'mysql2', 'redis', 'ioredis', 'threading']);
    expect(ids(undefined, ['redis'])).not.toContain('ioredis');
    expect(ids(['ioredis'])).toEqual(['ioredis', 'threading']);
    expect(findRow('redis')?.id).toBe('redis');
  });
});

describe('OTEL_NODE_*_INSTRUMENTATIONS', () => {
  const otel = (enabled?: string[], disabled?: string[], instruments?: string[]) =>
    selectRows({
      instruments,
      blockInstruments: [],
      otel: {
        OTEL_NODE_ENABLED_INSTRUMENTATIONS: enabled,
        OTEL_NODE_DISABLED_INSTRUMENTATIONS: disabled,
      },
    });
  const idsOf = (selection: ReturnType<typeof otel>) => selection.rows.map(({ id }) => id);

  it('pick among those of OpenTelemetry, and leave our own alone', () => {
    const found = idsOf(otel(['http', 'nestjs-core', 'fs']));
    expect(found).toEqual(
      expect.arrayContaining(['openai', 'qdrant', 'requests', 'nestjs_core', 'fs', 'threading']),
    );
    expect(found).not.toContain('urllib3');
    expect(found).not.toContain('pg');
  });
  it('take out what is disabled', () => {
    const found = idsOf(otel(undefined, ['pg', 'openai']));
    expect(found).not.toContain('pg');
    expect(found).toEqual(expect.arrayContaining(['openai', 'mysql2']));
    expect(found).not.toContain('fs');
  });
  it('are not asked where RESPAN_INSTRUMENTS speaks', () => {
    expect(idsOf(otel(['http'], ['pg'], ['pg']))).toEqual(['pg', 'threading']);
  });
  it('warn of names that nobody knows, and of none of the set that is no instrument here', () => {
    expect(otel(['pgg', 'runtime-node']).warnings).toEqual([
      'OTEL_NODE_ENABLED_INSTRUMENTATIONS: there is no instrumentation "pgg"',
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
