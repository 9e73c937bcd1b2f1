import * as parse from './parsers';

/**
 * The OTEL_* variables that concern traces and are not the fallback of a setting of ours (settings.ts). Values
 * are checked here once, with our words; what is refused is hidden from the bundled OpenTelemetry code.
 */
interface Row<T> {
  parse: parse.Parser<T>;
  /** What is used instead of an invalid value, in words. */
  instead: string;
  secret?: boolean;
}

const row = <T>(parser: parse.Parser<T>, instead: string, secret = false): Row<T> => ({
  parse: parser,
  instead,
  secret,
});

export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const protocol = parse.oneOf(['http/protobuf', 'http/json', 'grpc'] as const);
const compression = parse.oneOf(['gzip', 'none'] as const);
const limit = parse.integer(0);

export const standard = {
  OTEL_PROPAGATORS: row(parse.listOf(['tracecontext', 'baggage', 'none'] as const), 'tracecontext,baggage'),
  OTEL_TRACES_SAMPLER: row(parse.oneOf(SAMPLERS), 'always_on'),
  OTEL_TRACES_SAMPLER_ARG: row(parse.ratio, '1'),
  OTEL_NODE_ENABLED_INSTRUMENTATIONS: row(parse.list, 'all'),
  OTEL_NODE_DISABLED_INSTRUMENTATIONS: row(parse.list, 'none'),
  OTEL_TRACES_EXPORTER: row(parse.listOf(['otlp', 'console', 'none'] as const), 'the default exporter'),

  OTEL_BSP_SCHEDULE_DELAY: row(parse.milliseconds(0), '200'),
  OTEL_BSP_EXPORT_TIMEOUT: row(parse.milliseconds(1), '30000'),
  OTEL_BSP_MAX_QUEUE_SIZE: row(parse.integer(1), '16384'),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: row(parse.integer(1), '512'),

  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: row(limit, '1000000'),
  OTEL_ATTRIBUTE_COUNT_LIMIT: row(limit, '1024'),
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: row(limit, '1000000'),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: row(limit, '1024'),
  OTEL_SPAN_EVENT_COUNT_LIMIT: row(limit, '128'),
  OTEL_SPAN_LINK_COUNT_LIMIT: row(limit, '128'),
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: row(limit, '128'),
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: row(limit, '128'),

  OTEL_EXPORTER_OTLP_ENDPOINT: row(parse.endpoint, 'no OTLP endpoint from it'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: row(parse.endpoint, 'no OTLP endpoint from it'),
  OTEL_EXPORTER_OTLP_HEADERS: row(parse.headers, 'none of it', true),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: row(parse.headers, 'none of it', true),
  OTEL_EXPORTER_OTLP_PROTOCOL: row(protocol, 'http/protobuf'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: row(protocol, 'OTEL_EXPORTER_OTLP_PROTOCOL or http/protobuf'),
  OTEL_EXPORTER_OTLP_COMPRESSION: row(compression, 'none'),
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: row(compression, 'OTEL_EXPORTER_OTLP_COMPRESSION or none'),
  OTEL_EXPORTER_OTLP_TIMEOUT: row(parse.milliseconds(1), '10000'),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: row(parse.milliseconds(1), 'OTEL_EXPORTER_OTLP_TIMEOUT or 10000'),
  OTEL_EXPORTER_OTLP_CERTIFICATE: row(parse.readableFile, "Node's own certificates"),
  OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: row(parse.readableFile, "Node's own certificates"),
  OTEL_EXPORTER_OTLP_CLIENT_KEY: row(parse.readableFile, 'no client key from it'),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: row(parse.readableFile, 'no client key from it'),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: row(parse.readableFile, 'no client certificate from it'),
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: row(parse.readableFile, 'no client certificate from it'),
  OTEL_EXPORTER_OTLP_INSECURE: row(parse.strictBoolean, 'false'),
  OTEL_EXPORTER_OTLP_TRACES_INSECURE: row(parse.strictBoolean, 'OTEL_EXPORTER_OTLP_INSECURE or false'),
};

export type StandardName = keyof typeof standard;

/** What is set and valid, under its own name. */
export type StandardValues = {
  readonly [Name in StandardName]?: (typeof standard)[Name] extends Row<infer T> ? T : never;
};
