import { describe, expect, it } from 'vitest';
import { readExplicitOptions } from '../../src/config/explicit-options';

const read = (options: unknown) => readExplicitOptions(options);

describe('options of RespanTelemetry', () => {
  it('become the values their variables would have', () => {
    const { settings, warnings } = read({
      appName: 'app',
      apiKey: 'key',
      baseUrl: 'https://api.example.com',
      logLevel: 'debug',
      isBatchingEnabled: false,
      instruments: new Set(['openai']),
      blockInstruments: ['requests', 'urllib3'],
      headers: { 'x-team': 'a,b=c' },
      resourceAttributes: { env: 'test', number: 5 },
      traceContent: false,
      isEnabled: true,
      tracesDir: 'traces',
      exporter: ['respan', 'file'],
      spanPostprocessCallback: './module.js',
    });
    expect(warnings).toEqual([]);
    expect(settings).toEqual({
      appName: 'app',
      apiKey: 'key',
      baseUrl: 'https://api.example.com',
      logLevel: 'DEBUG',
      isBatchingEnabled: false,
      instruments: ['openai'],
      blockInstruments: ['requests', 'urllib3'],
      headers: { 'x-team': 'a,b=c' },
      resourceAttributes: { env: 'test', number: '5' },
      traceContent: false,
      isEnabled: true,
      tracesDir: 'traces',
      exporter: ['respan', 'file'],
      spanPostprocessCallback: './module.js',
    });
  });

  it('left out, null or empty: not given', () => {
    expect(read({ apiKey: undefined, appName: null, baseUrl: '' })).toMatchObject({
      settings: {},
      warnings: [],
    });
    expect(read(undefined)).toMatchObject({ settings: {}, warnings: [] });
    expect(read({ instruments: [] }).settings).toEqual({ instruments: [] });
  });

  it('exporter objects take the place of the default ones, or stand beside names', () => {
    const exporter = { export() {} };
    expect(read({ exporter })).toMatchObject({ exporters: [exporter], settings: { exporter: ['none'] } });
    expect(read({ exporter: ['file', exporter] })).toMatchObject({
      exporters: [exporter],
      settings: { exporter: ['file'] },
    });
    expect(read({ customExporter: exporter }).exporters).toEqual([exporter]);
  });

  it('other SDKs’ names are understood', () => {
    expect(read({ disableBatch: true, baseURL: 'https://x.example' }).settings).toEqual({
      isBatchingEnabled: false,
      baseUrl: 'https://x.example',
    });
  });

  it.each([
    [{ appname: 'x' }, 'RespanTelemetry has no option "appname"; did you mean appName?'],
    [{ completely: 'x' }, 'RespanTelemetry has no option "completely"'],
    [
      { logLevel: 'LOUD' },
      'option logLevel: "LOUD" is not valid (expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL); using RESPAN_LOG_LEVEL or INFO',
    ],
    [
      { apiKey: 'two words' },
      'option apiKey: [redacted] is not valid (expected letters, digits and signs only); using RESPAN_API_KEY or nothing',
    ],
    [
      { baseUrl: 'nowhere' },
      'option baseUrl: "nowhere" is not valid (expected an http:// or https:// URL); using RESPAN_BASE_URL or https://api.respan.co/api',
    ],
    [
      { headers: { 'x\ny': 'a' } },
      'option headers: [redacted] is not valid (expected HTTP header names before each =); using RESPAN_HEADERS or nothing',
    ],
    [
      { instruments: [1] },
      'option instruments: [1] is not valid (expected another kind of value); using RESPAN_INSTRUMENTS or all',
    ],
    [
      { exporter: 'zipkin' },
      'option exporter: "zipkin" is not valid (expected a list of respan, otlp, file, console, none); using RESPAN_EXPORTER or respan with an API key, otlp with an OTLP endpoint, both with both; file under `respan run`',
    ],
    [{ instrumentModules: 5 }, 'instrumentModules has to be an object of libraries, not number'],
    ['text', 'RespanTelemetry takes an object of options, not string; the defaults are used'],
  ])('%j is said: %s', (options, warning) => {
    expect(read(options).warnings).toEqual([warning]);
  });

  it('a switch for content that cannot be read means no content', () => {
    expect(read({ traceContent: 'flase' })).toMatchObject({
      settings: { traceContent: false },
      warnings: [
        'option traceContent: "flase" is not valid (expected true or false); using RESPAN_TRACE_CONTENT or false',
      ],
    });
  });
});
