import { describe, expect, it } from 'vitest';
import { errorStatus, errorType } from '../../src/instruments/genai/error-type';
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

describe('an error of Google’s', () => {
  it('is called by its class, or by the status of gRPC', () => {
    const rpc = Object.assign(new Error('3 INVALID_ARGUMENT: no such thing'), { code: 3 });
    expect(errorType(rpc)).toBe('INVALID_ARGUMENT');
    class ClientError extends Error {}
    expect(errorType(new ClientError('got status: 400 Bad Request. {}'))).toBe('ClientError');
  });

  it('tells its HTTP status in its message, where nowhere else', () => {
    expect(errorStatus(new Error('[VertexAI.ClientError]: got status: 429 Too Many Requests. {}'))).toBe(429);
    expect(errorStatus(new Error('got status: UNAVAILABLE. {}'))).toBeUndefined();
    expect(errorStatus(Object.assign(new Error('got status: 400'), { status: 503 }))).toBe(503);
    for (const odd of [null, undefined, 7, 'got status: 400', { message: 7 }]) {
      expect(errorStatus(odd)).toBeUndefined();
    }
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
