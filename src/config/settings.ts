import type { Parser } from './parsers';
import * as parse from './parsers';

/**
 * The one table of settings. Environment parsing, `respan run --help`, `--dry-run` and the README's
 * table all come from it; nothing else in the project knows a RESPAN_* name.
 */
export interface Setting<T> {
  /** The RESPAN_* variable. */
  variable: string;
  parse: Parser<T>;
  /** What the value looks like, for tables: `true`, `name,name`, `key=value,…`. */
  example: string;
  /** The default in words; the value itself is filled in by resolve.ts, where it may depend on the app. */
  defaultText: string;
  description: string;
  /** The flag of `respan run`, without dashes; a `no-…` flag takes no value and sets the variable to false. */
  flag?: string;
  /** Standard variables that answer where the RESPAN_* one is silent, first match wins. */
  fallbacks?: { variable: string; parse: Parser<T> }[];
  /** Never printed whole. */
  secret?: boolean;
  /** Used instead of an invalid value, where that is not the default. */
  ifInvalid?: T;
}

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const EXPORTERS = ['respan', 'otlp', 'file', 'console', 'none'] as const;
export type ExporterName = (typeof EXPORTERS)[number];

/** APIs that RESPAN_MODEL_HOSTS can say a host has. */
export const MODEL_SHAPES = [
  'openai',
  'anthropic',
  'gemini',
  'cohere',
  'ollama',
  'bedrock',
  'alephalpha',
  'marqo',
  'haystack',
  'crew',
] as const;

/** Among redactions: everything is, because something that was asked for cannot be looked for. */
export const NO_CONTENT = 'no content at all';

export const DEFAULT_BASE_URL = 'https://api.respan.co/api';
export const DEFAULT_TRACES_DIR = '.respan/traces';
export const DEFAULT_SHUTDOWN_TIMEOUT_MILLIS = 2_000;

const define = <T>(setting: Setting<T>): Setting<T> => setting;

const sdkDisabled: Parser<boolean> = (value) => {
  const parsed = parse.strictBoolean(value);
  return parsed.ok ? { ok: true, value: !parsed.value } : parsed;
};

const OTEL_LEVELS: Record<string, LogLevel> = {
  NONE: 'CRITICAL',
  ERROR: 'ERROR',
  WARN: 'WARNING',
  INFO: 'INFO',
  DEBUG: 'DEBUG',
  VERBOSE: 'DEBUG',
  ALL: 'DEBUG',
};

const otelLogLevel: Parser<LogLevel> = (value) => {
  const parsed = parse.oneOf(Object.keys(OTEL_LEVELS))(value);
  return parsed.ok ? { ok: true, value: OTEL_LEVELS[parsed.value] ?? 'INFO' } : parsed;
};

export const settings = {
  apiKey: define<string>({
    variable: 'RESPAN_API_KEY',
    parse: parse.token,
    example: 'KEY',
    defaultText: '–',
    description: 'Respan API key; when present, spans go to Respan',
    secret: true,
  }),
  baseUrl: define<string>({
    variable: 'RESPAN_BASE_URL',
    flag: 'base-url',
    parse: parse.httpUrl,
    example: 'URL',
    defaultText: DEFAULT_BASE_URL,
    description: 'Respan API URL, with or without /api, or a full traces URL; traces go to <base>/v2/traces',
  }),
  appName: define<string>({
    variable: 'RESPAN_APP_NAME',
    flag: 'app-name',
    parse: parse.text,
    example: 'NAME',
    defaultText: "OTEL_SERVICE_NAME, else the app's package name, else respan",
    description: 'service name on every span',
    fallbacks: [{ variable: 'OTEL_SERVICE_NAME', parse: parse.text }],
  }),
  logLevel: define<LogLevel>({
    variable: 'RESPAN_LOG_LEVEL',
    flag: 'log-level',
    parse: parse.oneOf(LOG_LEVELS),
    example: 'LEVEL',
    defaultText: 'INFO',
    description: 'DEBUG, INFO, WARNING, ERROR or CRITICAL, any case; everything is written to stderr',
    fallbacks: [{ variable: 'OTEL_LOG_LEVEL', parse: otelLogLevel }],
  }),
  isBatchingEnabled: define<boolean>({
    variable: 'RESPAN_BATCHING_ENABLED',
    flag: 'no-batching',
    parse: parse.boolean,
    example: 'true',
    defaultText: 'true',
    description: 'false: each span is exported as it ends',
  }),
  isEnabled: define<boolean>({
    variable: 'RESPAN_ENABLED',
    parse: parse.boolean,
    example: 'true',
    defaultText: 'true',
    description: 'false: nothing is hooked and the API does nothing',
    fallbacks: [{ variable: 'OTEL_SDK_DISABLED', parse: sdkDisabled }],
  }),
  instruments: define<string[]>({
    variable: 'RESPAN_INSTRUMENTS',
    flag: 'instruments',
    parse: parse.list,
    example: 'ID,ID',
    defaultText: 'all',
    description:
      'instruments to use, by id or alias (see `respan instruments`); none for none; all,NAME for those that are off as well',
  }),
  blockInstruments: define<string[]>({
    variable: 'RESPAN_BLOCK_INSTRUMENTS',
    flag: 'block',
    parse: parse.list,
    example: 'ID,ID',
    defaultText: '–',
    description: 'instruments not to use; threading stays on unless it is named here',
  }),
  modelHosts: define<Record<string, string>>({
    variable: 'RESPAN_MODEL_HOSTS',
    flag: 'model-hosts',
    parse: parse.hostsOf(MODEL_SHAPES),
    example: 'HOST,HOST=SHAPE',
    defaultText: '–',
    description: `more hosts whose HTTP APIs are model APIs, by name or name:port; a shape says which (${MODEL_SHAPES.join(', ')})`,
  }),
  headers: define<Record<string, string>>({
    variable: 'RESPAN_HEADERS',
    flag: 'headers',
    parse: parse.headers,
    example: 'k=v,k2=v2',
    defaultText: '–',
    description: 'HTTP headers added to every export',
    secret: true,
  }),
  resourceAttributes: define<Record<string, string>>({
    variable: 'RESPAN_RESOURCE_ATTRIBUTES',
    flag: 'resource-attributes',
    parse: parse.keyValues,
    example: 'k=v,k2=v2',
    defaultText: '–',
    description: 'resource attributes, over those of OTEL_RESOURCE_ATTRIBUTES',
  }),
  spanPostprocessCallback: define<string>({
    variable: 'RESPAN_SPAN_POSTPROCESS',
    flag: 'postprocess',
    parse: parse.text,
    example: 'FILE',
    defaultText: '–',
    description: 'a module whose default export is called with each finished span before export',
  }),
  redact: define<string[]>({
    variable: 'RESPAN_REDACT',
    flag: 'redact',
    parse: parse.redactions,
    example: 'NAME,/PATTERN/',
    defaultText: '–',
    // Whoever sets it means to keep something in: what cannot be looked for is kept in with all the rest.
    ifInvalid: [NO_CONTENT],
    description: `what is taken out of every text of every span: ${parse.REDACTIONS.join(', ')}, all, and patterns between slashes; a JSON list where a pattern has a comma`,
  }),
  traceContent: define<boolean>({
    variable: 'RESPAN_TRACE_CONTENT',
    flag: 'no-content',
    parse: parse.boolean,
    example: 'true',
    defaultText: 'true',
    // Whoever sets it means to keep something in: a slip of the pen must not let it out.
    ifInvalid: false,
    description:
      'false: no byte of a prompt, completion, tool argument, document or vector leaves the process',
  }),
  exporter: define<ExporterName[]>({
    variable: 'RESPAN_EXPORTER',
    flag: 'exporter',
    parse: parse.listOf(EXPORTERS),
    example: 'NAME,NAME',
    defaultText:
      'respan with an API key, otlp with an OTLP endpoint, both with both; file under `respan run`',
    description: 'any of respan, otlp, file, console, none',
  }),
  tracesDir: define<string>({
    variable: 'RESPAN_TRACES_DIR',
    flag: 'traces-dir',
    parse: parse.text,
    example: 'DIR',
    defaultText: DEFAULT_TRACES_DIR,
    description: 'where the file exporter writes',
  }),
  shutdownTimeout: define<number>({
    variable: 'RESPAN_SHUTDOWN_TIMEOUT',
    flag: 'shutdown-timeout',
    parse: parse.duration,
    example: 'MS',
    defaultText: String(DEFAULT_SHUTDOWN_TIMEOUT_MILLIS),
    description: 'the longest the end of the process may wait for its last spans, in milliseconds (or 2s)',
  }),
  maxQueueBytes: define<number>({
    variable: 'RESPAN_MAX_QUEUE_BYTES',
    parse: parse.bytes(1),
    example: '64MB',
    defaultText: '64MB',
    description:
      'how much memory spans may take that wait to be sent; beyond it (and OTEL_BSP_MAX_QUEUE_SIZE) the oldest are dropped',
  }),
  maxBatchBytes: define<number>({
    variable: 'RESPAN_MAX_BATCH_BYTES',
    parse: parse.bytes(1),
    example: '1MB',
    defaultText: '1MB',
    description: 'how much is sent at once, roughly; one span is never split',
  }),
  maxSpansPerTrace: define<number>({
    variable: 'RESPAN_MAX_SPANS_PER_TRACE',
    parse: parse.integer(1),
    example: '100000',
    defaultText: '100000',
    description: 'further spans of one trace are not exported, apart from its root',
  }),
  spoolDir: define<string>({
    variable: 'RESPAN_SPOOL_DIR',
    flag: 'spool-dir',
    parse: parse.text,
    example: 'DIR',
    defaultText: '–',
    description: 'a folder that keeps what could not be sent, until this or another process can',
  }),
  maxSpoolBytes: define<number>({
    variable: 'RESPAN_MAX_SPOOL_BYTES',
    parse: parse.bytes(1),
    example: '256MB',
    defaultText: '256MB',
    description: 'how large RESPAN_SPOOL_DIR may become; beyond it the oldest spans in it are dropped',
  }),
};

export type SettingName = keyof typeof settings;

/** The value type of each setting, as an explicit option would give it. */
export type SettingValues = {
  [Name in SettingName]: (typeof settings)[Name] extends Setting<infer T> ? T : never;
};

/** Further switches for content capture that are honoured; the strictest of all wins. */
export const CONTENT_VARIABLES: { variable: string; parse: Parser<boolean> }[] = [
  { variable: 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', parse: parse.contentCapture },
  { variable: 'TRACELOOP_TRACE_CONTENT', parse: parse.boolean },
];

/** Set by `respan run` for its child: where spans are written when no other destination is configured. */
export const RUN_FILE_VARIABLE = 'RESPAN_RUN_FILE';
