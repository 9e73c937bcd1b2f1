import { describe, expect, it } from 'vitest';
import { plainValue } from '../../src/instruments/shapes/gemini/protobuf';
import { selectRows } from '../../src/loader/select';

describe('a protobuf value', () => {
  it('is what it stands for, as an app makes it and as it comes back', () => {
    const fields = {
      text: { stringValue: 'a' },
      count: { kind: 'numberValue', numberValue: 2, stringValue: '' },
      flags: { listValue: { values: [{ boolValue: true }, { nullValue: 0 }] } },
      inner: { structValue: { fields: { deep: { stringValue: 'b' } } } },
      empty: { structValue: {} },
    };
    expect(plainValue({ structValue: { fields } })).toEqual({
      text: 'a',
      count: 2,
      flags: [true, null],
      inner: { deep: 'b' },
      empty: {},
    });
  });

  it('may be anything', () => {
    for (const odd of [undefined, null, 7, 'x', [], {}, { other: 1 }]) expect(plainValue(odd)).toEqual(odd);
    const cycle: Record<string, unknown> = {};
    cycle.structValue = { fields: { again: cycle } };
    expect(() => plainValue(cycle)).not.toThrow();
  });
});

describe('RESPAN_INSTRUMENTS=vertexai', () => {
  it('switches on the SDK that has replaced the old one as well', () => {
    const ids = selectRows({ instruments: ['vertexai'], blockInstruments: [] }).rows.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['vertexai', 'google_generativeai']));
    const without = selectRows({ instruments: ['vertexai'], blockInstruments: ['gemini'] }).rows;
    expect(without.map(({ id }) => id)).not.toContain('google_generativeai');
  });
});
