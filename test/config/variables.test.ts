import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/resolve';
import { settings } from '../../src/config/settings';
import type { standard } from '../../src/config/standard';
import { root } from '../harness/paths';
import { resolved } from './environment-of';

/** A file of this repository that can be read. */
const FILE = `${root}/package.json`;

interface Case {
  /** The setting as the config has it. */
  read(config: Config): unknown;
  unset: unknown;
  set: [text: string, value: unknown][];
  invalid: string[];
  /** What the warning says is used instead. */
  instead: string;
  /** What is used instead, where it is not the same as when unset. */
  fallback?: unknown;
  secret?: boolean;
  /** Further variables, so that the effect can be seen. */
  besides?: Record<string, string>;
}

const ratioOrLimit = (name: keyof Config['otel'], instead: string, least = 0): Case => ({
  read: ({ otel }) => otel[name],
  unset: undefined,
  set: [
    ['64', 64],
    [' 8 ', 8],
  ],
  invalid: ['-1', '1.5', 'many', '1e3', '99999999999999999999', ...(least > 0 ? ['0'] : [])],
  instead,
});

const millis = (name: keyof Config['otel'], instead: string, least: number): Case => ({
  ...ratioOrLimit(name, instead, least),
  // Longer than a timer can count would fire at once.
  set: [
    ['64', 64],
    ['9999999999', 2 ** 31 - 1],
  ],
});

const bytes = (read: Case['read'], unset: number, instead: string): Case => ({
  read,
  unset,
  set: [
    ['1000', 1000],
    ['2 kB', 2000],
    ['1.5MB', 1_500_000],
    ['64 MiB', 64 * 2 ** 20],
  ],
  invalid: ['0', '-5', 'much', '1TB', '1e3', '10 apples'],
  instead,
});

const oneOf = (name: keyof Config['otel'], words: string[], instead: string): Case => ({
  read: ({ otel }) => otel[name],
  unset: undefined,
  set: words.flatMap((word): [string, unknown][] => [
    [word, word],
    [` ${word.toUpperCase()} `, word],
  ]),
  invalid: ['nonsense', `${words[0]},${words[1]}`],
  instead,
});

const file = (name: keyof Config['otel'], instead: string): Case => ({
  read: ({ otel }) => otel[name],
  unset: undefined,
  set: [[FILE, FILE]],
  invalid: ['/does/not/exist.pem'],
  instead,
});

const endpoint = (name: keyof Config['otel']): Case => ({
  read: ({ otel }) => otel[name],
  unset: undefined,
  set: [
    ['http://collector:4318', 'http://collector:4318'],
    ['https://host/path/', 'https://host/path/'],
    ['collector:4317', 'collector:4317'],
  ],
  invalid: ['collector', 'ftp://host', 'http://', '/v1/traces'],
  instead: 'no OTLP endpoint from it',
});

const otlpHeaders = (name: keyof Config['otel']): Case => ({
  read: ({ otel }) => otel[name],
  unset: undefined,
  set: [
    ['authorization=Basic%20abc%3D%3D, x-tenant=a;b', { authorization: 'Basic abc==', 'x-tenant': 'a;b' }],
    ['a=b=c', { a: 'b=c' }],
  ],
  invalid: [
    'secret-token',
    '=secret',
    'a=%zzsecret',
    'a=secret%0d%0aX-Evil: 1',
    'a b=secret',
    'a=secret%E2%82%AC',
  ],
  instead: 'none of it',
  secret: true,
});

const oursAndSwitches: Record<string, Case> = {
  RESPAN_API_KEY: {
    read: ({ apiKey, exporters }) => [apiKey, exporters],
    unset: [undefined, []],
    set: [[' key-1 ', ['key-1', ['respan']]]],
    invalid: ['secret\nkey', 'secret key', 'secretключ'],
    instead: 'nothing',
    secret: true,
  },
  RESPAN_BASE_URL: {
    read: ({ baseUrl }) => baseUrl,
    unset: 'https://api.respan.co/api',
    set: [['http://localhost:8000/api/', 'http://localhost:8000/api/']],
    invalid: ['localhost', 'ftp://host/', 'http://'],
    instead: 'https://api.respan.co/api',
  },
  RESPAN_APP_NAME: {
    read: ({ appName }) => appName,
    unset: 'respan',
    set: [[' my app ', 'my app']],
    invalid: ['two\nlines', 'a\u0000b'],
    instead: "OTEL_SERVICE_NAME, else the app's package name, else respan",
  },
  RESPAN_LOG_LEVEL: {
    read: ({ logLevel }) => logLevel,
    unset: 'INFO',
    set: [
      ['debug', 'DEBUG'],
      ['Warning', 'WARNING'],
      ['ERROR', 'ERROR'],
      ['CRITICAL', 'CRITICAL'],
    ],
    invalid: ['loud', 'DEBUG,INFO'],
    instead: 'INFO',
  },
  RESPAN_BATCHING_ENABLED: {
    read: ({ isBatchingEnabled }) => isBatchingEnabled,
    unset: true,
    set: [
      ['false', false],
      ['0', false],
      ['TRUE', true],
    ],
    invalid: ['maybe'],
    instead: 'true',
  },
  RESPAN_ENABLED: {
    read: ({ isEnabled }) => isEnabled,
    unset: true,
    set: [
      ['false', false],
      ['off', false],
      ['yes', true],
    ],
    invalid: ['perhaps'],
    instead: 'true',
  },
  RESPAN_INSTRUMENTS: {
    read: ({ instruments }) => instruments,
    unset: undefined,
    set: [
      ['openai, anthropic', ['openai', 'anthropic']],
      ['none', []],
      ['NONE', []],
    ],
    invalid: [],
    instead: '',
  },
  RESPAN_BLOCK_INSTRUMENTS: {
    read: ({ blockInstruments }) => blockInstruments,
    unset: [],
    set: [['requests,,threading', ['requests', 'threading']]],
    invalid: [],
    instead: '',
  },
  RESPAN_MODEL_HOSTS: {
    read: ({ modelHosts }) => modelHosts,
    unset: {},
    set: [
      ['Gateway.internal', { 'gateway.internal': '' }],
      ['a.b:8080=anthropic, [::1]:80 = OpenAI,', { 'a.b:8080': 'anthropic', '[::1]:80': 'openai' }],
    ],
    invalid: ['https://a.b/', 'a.b=nothing', 'a=openai=openai', '=openai', 'a b'],
    instead: 'nothing',
  },
  RESPAN_HEADERS: {
    read: ({ headers }) => headers,
    unset: {},
    set: [['X-A=1,X-B=two%20words', { 'X-A': '1', 'X-B': 'two words' }]],
    invalid: [
      'secret',
      'a=secret%0a',
      'ä=secret',
      'a=b%0d%0aX-Evil: secret',
      'Content-Length=secret',
      'te=secret',
    ],
    instead: 'nothing',
    secret: true,
  },
  RESPAN_RESOURCE_ATTRIBUTES: {
    read: ({ resourceAttributes }) => resourceAttributes,
    unset: {},
    set: [['team=ml,region=eu%2Cwest', { team: 'ml', region: 'eu,west' }]],
    invalid: ['team', 'team=%'],
    instead: 'nothing',
  },
  RESPAN_SPAN_POSTPROCESS: {
    read: ({ spanPostprocessCallback }) => spanPostprocessCallback,
    unset: undefined,
    set: [['./redact.mjs', './redact.mjs']],
    invalid: ['a\nb'],
    instead: 'nothing',
  },
  RESPAN_TRACE_CONTENT: {
    read: ({ traceContent }) => traceContent,
    unset: true,
    set: [
      ['false', false],
      ['no', false],
      ['true', true],
    ],
    invalid: ['flase'],
    instead: 'false',
    fallback: false,
  },
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: {
    read: ({ traceContent }) => traceContent,
    unset: true,
    set: [
      ['false', false],
      ['no_content', false],
      ['event_only', false],
      ['span_only', true],
      ['SPAN_AND_EVENT', true],
      ['true', true],
    ],
    invalid: ['some'],
    instead: 'false',
    fallback: false,
  },
  TRACELOOP_TRACE_CONTENT: {
    read: ({ traceContent }) => traceContent,
    unset: true,
    set: [
      ['false', false],
      ['true', true],
    ],
    invalid: ['some'],
    instead: 'false',
    fallback: false,
  },
  RESPAN_EXPORTER: {
    read: ({ exporters }) => exporters,
    unset: [],
    set: [
      ['file', ['file']],
      ['OTLP, console,otlp', ['otlp', 'console']],
      ['none', ['none']],
      [',', ['none']],
      ['file,none', ['file']],
    ],
    invalid: ['zipkin', 'file,nowhere'],
    instead: settings.exporter.defaultText,
  },
  RESPAN_TRACES_DIR: {
    read: ({ tracesDir }) => tracesDir,
    unset: '.respan/traces',
    set: [['/var/traces', '/var/traces']],
    invalid: ['a\u0000b'],
    instead: '.respan/traces',
  },
  RESPAN_SHUTDOWN_TIMEOUT: {
    read: ({ shutdownTimeout }) => shutdownTimeout,
    unset: 2_000,
    set: [
      ['500', 500],
      ['1500ms', 1_500],
      ['2s', 2_000],
      ['0.5 s', 500],
      ['0', 0],
    ],
    invalid: ['soon', '-1', '2m', '1e3'],
    instead: '2000',
  },
  RESPAN_REDACT: {
    read: ({ redact }) => redact,
    unset: [],
    set: [
      ['keys, emails', ['keys', 'emails']],
      ['Email,key,tokens', ['emails', 'keys']],
      ['all', ['keys', 'emails', 'cards', 'phones', 'ips', 'ibans', 'ssns']],
      ['true', ['keys', 'emails', 'cards', 'phones', 'ips', 'ibans', 'ssns']],
      ['keys,/Alice/i,ACME-\\d+', ['keys', '/Alice/i', 'ACME-\\d+']],
      ['["cards", "/x{2,3}/"]', ['cards', '/x{2,3}/']],
      ['[a-f]{8}', ['[a-f]{8}']],
    ],
    invalid: ['/(/', 'emials', 'keys,/x*/', '[1, 2]', '/a/k'],
    instead: 'no content at all',
    fallback: ['no content at all'],
  },
  RESPAN_MAX_QUEUE_BYTES: bytes(({ maxQueueBytes }) => maxQueueBytes, 64e6, '64MB'),
  RESPAN_MAX_BATCH_BYTES: bytes(({ maxBatchBytes }) => maxBatchBytes, 1e6, '1MB'),
  RESPAN_MAX_SPOOL_BYTES: bytes(({ maxSpoolBytes }) => maxSpoolBytes, 256e6, '256MB'),
  RESPAN_MAX_SPANS_PER_TRACE: {
    read: ({ maxSpansPerTrace }) => maxSpansPerTrace,
    unset: 100_000,
    set: [['20', 20]],
    invalid: ['0', '-1', 'many'],
    instead: '100000',
  },
  RESPAN_SPOOL_DIR: {
    read: ({ spoolDir }) => spoolDir,
    unset: undefined,
    set: [[' /var/spool/respan ', '/var/spool/respan']],
    invalid: ['a\u0000b'],
    instead: 'nothing',
  },
  OTEL_SDK_DISABLED: {
    read: ({ isEnabled }) => isEnabled,
    unset: true,
    set: [
      ['true', false],
      ['True', false],
      ['false', true],
    ],
    // The specification knows true and false only.
    invalid: ['1', 'yes'],
    instead: 'true',
  },
  OTEL_SERVICE_NAME: {
    read: ({ appName }) => appName,
    unset: 'respan',
    set: [['billing', 'billing']],
    invalid: ['two\nlines'],
    instead: "OTEL_SERVICE_NAME, else the app's package name, else respan",
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    read: ({ resourceAttributes, appName }) => [resourceAttributes, appName],
    unset: [{}, 'respan'],
    set: [
      ['team=a%20b', [{ team: 'a b' }, 'respan']],
      ['service.name=svc', [{ 'service.name': 'svc' }, 'svc']],
    ],
    invalid: ['team', '=x', 'a=%f'],
    instead: 'none of it',
  },
  OTEL_LOG_LEVEL: {
    read: ({ logLevel }) => logLevel,
    unset: 'INFO',
    set: [
      ['none', 'CRITICAL'],
      ['ERROR', 'ERROR'],
      ['warn', 'WARNING'],
      ['INFO', 'INFO'],
      ['debug', 'DEBUG'],
      ['VERBOSE', 'DEBUG'],
      ['all', 'DEBUG'],
    ],
    invalid: ['warning!'],
    instead: 'INFO',
  },
};

const standardCases: Record<keyof typeof standard, Case> = {
  OTEL_PROPAGATORS: {
    read: ({ otel }) => otel.OTEL_PROPAGATORS,
    unset: undefined,
    set: [
      ['tracecontext,baggage', ['tracecontext', 'baggage']],
      ['none', ['none']],
    ],
    invalid: ['b3', 'tracecontext,jaeger'],
    instead: 'tracecontext,baggage',
  },
  OTEL_TRACES_SAMPLER: oneOf(
    'OTEL_TRACES_SAMPLER',
    ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_traceidratio'],
    'always_on',
  ),
  OTEL_TRACES_SAMPLER_ARG: {
    read: ({ otel }) => otel.OTEL_TRACES_SAMPLER_ARG,
    unset: undefined,
    set: [
      ['0', 0],
      ['0.25', 0.25],
      ['1', 1],
    ],
    invalid: ['2', '-0.1', 'half', '0x1p', 'Infinity'],
    instead: '1',
  },
  OTEL_NODE_ENABLED_INSTRUMENTATIONS: {
    read: ({ otel }) => otel.OTEL_NODE_ENABLED_INSTRUMENTATIONS,
    unset: undefined,
    set: [['http, pg', ['http', 'pg']]],
    invalid: [],
    instead: 'all',
  },
  OTEL_NODE_DISABLED_INSTRUMENTATIONS: {
    read: ({ otel }) => otel.OTEL_NODE_DISABLED_INSTRUMENTATIONS,
    unset: undefined,
    set: [['fs', ['fs']]],
    invalid: [],
    instead: 'none',
  },
  OTEL_TRACES_EXPORTER: {
    read: ({ exporters }) => exporters,
    unset: [],
    set: [
      ['otlp', ['otlp']],
      ['console,otlp', ['console', 'otlp']],
      ['none', ['none']],
    ],
    invalid: ['zipkin', 'otlp,jaeger'],
    instead: 'the default exporter',
  },
  OTEL_BSP_SCHEDULE_DELAY: millis('OTEL_BSP_SCHEDULE_DELAY', '200', 0),
  OTEL_BSP_EXPORT_TIMEOUT: millis('OTEL_BSP_EXPORT_TIMEOUT', '30000', 1),
  OTEL_BSP_MAX_QUEUE_SIZE: ratioOrLimit('OTEL_BSP_MAX_QUEUE_SIZE', '16384', 1),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: ratioOrLimit('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '512', 1),
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: ratioOrLimit('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', '1000000'),
  OTEL_ATTRIBUTE_COUNT_LIMIT: ratioOrLimit('OTEL_ATTRIBUTE_COUNT_LIMIT', '1024'),
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: ratioOrLimit('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', '1000000'),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: ratioOrLimit('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', '1024'),
  OTEL_SPAN_EVENT_COUNT_LIMIT: ratioOrLimit('OTEL_SPAN_EVENT_COUNT_LIMIT', '128'),
  OTEL_SPAN_LINK_COUNT_LIMIT: ratioOrLimit('OTEL_SPAN_LINK_COUNT_LIMIT', '128'),
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: ratioOrLimit('OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', '128'),
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: ratioOrLimit('OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', '128'),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint('OTEL_EXPORTER_OTLP_ENDPOINT'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'),
  OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders('OTEL_EXPORTER_OTLP_HEADERS'),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: otlpHeaders('OTEL_EXPORTER_OTLP_TRACES_HEADERS'),
  OTEL_EXPORTER_OTLP_PROTOCOL: oneOf(
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    ['http/protobuf', 'http/json', 'grpc'],
    'http/protobuf',
  ),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: oneOf(
    'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    ['http/protobuf', 'http/json', 'grpc'],
    'OTEL_EXPORTER_OTLP_PROTOCOL or http/protobuf',
  ),
  OTEL_EXPORTER_OTLP_COMPRESSION: oneOf('OTEL_EXPORTER_OTLP_COMPRESSION', ['gzip', 'none'], 'none'),
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: oneOf(
    'OTEL_EXPORTER_OTLP_TRACES_COMPRESSION',
    ['gzip', 'none'],
    'OTEL_EXPORTER_OTLP_COMPRESSION or none',
  ),
  OTEL_EXPORTER_OTLP_TIMEOUT: millis('OTEL_EXPORTER_OTLP_TIMEOUT', '10000', 1),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: millis(
    'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
    'OTEL_EXPORTER_OTLP_TIMEOUT or 10000',
    1,
  ),
  OTEL_EXPORTER_OTLP_CERTIFICATE: file('OTEL_EXPORTER_OTLP_CERTIFICATE', "Node's own certificates"),
  OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: file(
    'OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE',
    "Node's own certificates",
  ),
  OTEL_EXPORTER_OTLP_CLIENT_KEY: file('OTEL_EXPORTER_OTLP_CLIENT_KEY', 'no client key from it'),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: file('OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY', 'no client key from it'),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file(
    'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
    'no client certificate from it',
  ),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: file(
    'OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE',
    'no client certificate from it',
  ),
  OTEL_EXPORTER_OTLP_INSECURE: {
    read: ({ otel }) => otel.OTEL_EXPORTER_OTLP_INSECURE,
    unset: undefined,
    set: [['true', true]],
    invalid: ['1'],
    instead: 'false',
  },
  OTEL_EXPORTER_OTLP_TRACES_INSECURE: {
    read: ({ otel }) => otel.OTEL_EXPORTER_OTLP_TRACES_INSECURE,
    unset: undefined,
    set: [['false', false]],
    invalid: ['0'],
    instead: 'OTEL_EXPORTER_OTLP_INSECURE or false',
  },
};

const cases = { ...oursAndSwitches, ...standardCases };

it('has a case for every setting', () => {
  for (const { variable } of Object.values(settings)) expect(Object.keys(cases)).toContain(variable);
});

describe.each(Object.entries(cases))('%s', (variable, given) => {
  const { read, unset, fallback = unset, besides = {} } = given;

  it('unset', () => {
    const { config, warnings } = resolved(besides);
    expect(read(config)).toEqual(unset);
    expect(warnings).toEqual([]);
  });

  it.each(['', '   '])('empty (%j) counts as unset', (text) => {
    const { config, warnings, invalid } = resolved({ ...besides, [variable]: text });
    expect(read(config)).toEqual(unset);
    expect(warnings).toEqual([]);
    expect(invalid).toEqual([]);
  });

  it.each(given.set)('set to %j', (text, value) => {
    const { config, warnings } = resolved({ ...besides, [variable]: text });
    expect(read(config)).toEqual(value);
    expect(warnings).toEqual([]);
  });

  if (given.invalid.length === 0) return;
  it.each(given.invalid)('invalid: %j', (text) => {
    const { config, warnings, invalid } = resolved({ ...besides, [variable]: text });
    expect(read(config)).toEqual(fallback);
    expect(invalid).toEqual([variable]);
    expect(warnings).toHaveLength(1);
    const [line] = warnings;
    const shown = given.secret ? '[redacted]' : JSON.stringify(text);
    expect(line).toContain(`${variable}=${shown} is not valid (expected `);
    expect(line).toContain(`; using ${given.instead}`);
    if (given.secret) expect(line).not.toContain('secret');
  });
});

it('shows no password of a URL that is not valid', () => {
  expect(resolved({ RESPAN_BASE_URL: 'ftp://user:hunter2@host/' }).warnings.join()).not.toContain('hunter2');
});
