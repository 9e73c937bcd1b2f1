import { readMsgpack } from './msgpack';
import type { Format } from './otel-apps';
import type { OtherBackend, TakenRequest } from './other-backend';
import { CERTIFICATE } from './other-backend';
import { wireSpans } from './protobuf';

/** Another tracer: how its documentation says it is started, and what its backend gets. */
export interface OtherTracer {
  /** A folder of fixtures/otel-trees. */
  tree: string;
  /** What comes before the app on the command line. `setup` is a preload of the fixture's. */
  flags(format: Format): string[];
  setup?: string;
  env(backend: OtherBackend): Record<string, string>;
  answer?(request: TakenRequest, port: number): unknown;
  isSecure?: boolean;
  /** A line for each span its backend got. */
  spans(requests: TakenRequest[]): string[];
  /** It has no backend: what it makes is part of our trace. */
  isExportedByUs?: boolean;
}

const load = (format: Format, module: string): string[] => [
  format === 'mjs' ? '--import' : '--require',
  module,
];

const json = ({ body }: TakenRequest): unknown => JSON.parse(body.toString('utf8'));

function otlpSpans(requests: TakenRequest[]): string[] {
  return requests
    .filter(({ url }) => url.includes('/traces'))
    .flatMap(({ body, type }) => {
      if (!type.includes('json')) return wireSpans(body).map(({ name }) => name);
      const { resourceSpans } = JSON.parse(body.toString('utf8')) as {
        resourceSpans: { scopeSpans: { spans: { name: string }[] }[] }[];
      };
      return resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)),
      );
    });
}

export const OTHER_TRACERS: Record<string, OtherTracer> = {
  'Datadog 5': {
    tree: 'dd-trace-5',
    flags: (format) => load(format, format === 'mjs' ? 'dd-trace/initialize.mjs' : 'dd-trace/init'),
    env: ({ url }) => ({
      DD_TRACE_AGENT_URL: url,
      DD_SERVICE: 'the-app',
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
      DD_TRACE_STARTUP_LOGS: 'false',
    }),
    spans: (requests) =>
      requests
        .filter(({ url }) => url.includes('/traces'))
        .flatMap(({ body }) => (readMsgpack(body) as { name: string; resource: string }[][]).flat())
        .map(({ name, resource }) => `${name} ${resource}`),
  },
  'New Relic 13': {
    tree: 'newrelic-13',
    flags: (format) => [
      ...(format === 'mjs' ? ['--import', 'newrelic/esm-loader.mjs'] : []),
      '--require',
      'newrelic',
    ],
    setup: 'newrelic',
    isSecure: true,
    env: ({ port }) => ({
      NEW_RELIC_APP_NAME: 'the-app',
      NEW_RELIC_LICENSE_KEY: 'k'.repeat(40),
      NEW_RELIC_HOST: 'localhost',
      NEW_RELIC_PORT: String(port),
      NEW_RELIC_LOG_ENABLED: 'false',
      NEW_RELIC_NO_CONFIG_FILE: 'true',
      NEW_RELIC_AI_MONITORING_ENABLED: 'true',
      NODE_EXTRA_CA_CERTS: CERTIFICATE,
    }),
    answer: ({ url }, port) => ({
      return_value: url.includes('method=preconnect')
        ? { redirect_host: `localhost:${port}` }
        : url.includes('method=connect')
          ? { agent_run_id: '1', collect_ai: true, collect_span_events: true }
          : null,
    }),
    spans: (requests) =>
      requests
        .filter(({ url }) => url.includes('method=span_event_data'))
        .flatMap((request) => (json(request) as [string, object, [{ name: string }][]])[2])
        .map(([{ name }]) => name),
  },
  'Elastic APM 4': {
    tree: 'elastic-apm-4',
    flags: (format) => [
      ...(format === 'mjs' ? ['--no-warnings', '--experimental-loader', 'elastic-apm-node/loader.mjs'] : []),
      '--require',
      'elastic-apm-node/start',
    ],
    setup: 'elastic-apm',
    env: ({ url }) => ({
      ELASTIC_APM_SERVER_URL: url,
      ELASTIC_APM_SERVICE_NAME: 'the-app',
      ELASTIC_APM_CENTRAL_CONFIG: 'false',
      ELASTIC_APM_METRICS_INTERVAL: '0',
      ELASTIC_APM_LOG_LEVEL: 'off',
      ELASTIC_APM_CLOUD_PROVIDER: 'none',
      ELASTIC_APM_SPAN_COMPRESSION_ENABLED: 'false',
    }),
    spans: (requests) =>
      requests
        .filter(({ url }) => url.includes('/intake'))
        .flatMap(({ body }) => body.toString('utf8').split('\n').filter(Boolean))
        .map((line) => JSON.parse(line) as { span?: { name: string }; transaction?: { name: string } })
        .flatMap(({ span, transaction }) => (span ?? transaction)?.name ?? []),
  },
  'Elastic OpenTelemetry 1': {
    tree: 'elastic-otel-1',
    flags: (format) => load(format, '@elastic/opentelemetry-node'),
    env: ({ url }) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_LOG_LEVEL: 'none',
      ELASTIC_OTEL_METRICS_DISABLED: 'true',
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
    }),
    spans: otlpSpans,
  },
  'Sentry 9': {
    tree: 'sentry-9',
    flags: () => [],
    setup: 'sentry',
    env: ({ port }) => ({ SENTRY: `http://key@127.0.0.1:${port}/1` }),
    spans: (requests) =>
      requests
        .flatMap(({ body }) => body.toString('utf8').split('\n'))
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as { transaction?: string; spans?: { description: string }[] })
        .flatMap(({ transaction, spans = [] }) => [
          ...(transaction ? [transaction] : []),
          ...spans.map(({ description }) => description),
        ]),
  },
  'Langfuse 5': {
    tree: 'langfuse-5',
    flags: () => [],
    setup: 'langfuse',
    env: ({ url }) => ({ LANGFUSE_BASE_URL: url, LANGFUSE_PUBLIC_KEY: 'pk', LANGFUSE_SECRET_KEY: 'sk' }),
    spans: otlpSpans,
  },
  LangSmith: {
    tree: 'langsmith-0',
    flags: () => [],
    setup: 'langsmith',
    env: ({ url }) => ({ LANGSMITH_TRACING: 'true', LANGSMITH_ENDPOINT: url, LANGSMITH_API_KEY: 'k' }),
    answer: ({ url }) => (url.endsWith('/info') ? { version: '0.10.0', batch_ingest_config: {} } : {}),
    // A run is told of when it starts, when it ends, or both at once.
    spans: (requests) => {
      const sent = requests.map(({ body }) => body.toString('latin1')).join('\n');
      const ids = new Set([...sent.matchAll(/name="(?:post|patch)\.([0-9a-f-]{36})"/g)].map(([, id]) => id));
      const names = new Set([...sent.matchAll(/"name":"(\w+)"/g)].map(([, name]) => name!));
      return [...names, `${ids.size} runs`];
    },
  },
  Traceloop: {
    tree: 'traceloop-0',
    flags: () => [],
    setup: 'traceloop',
    env: ({ url }) => ({ TRACELOOP_API_KEY: 'k', TRACELOOP_BASE_URL: url, TRACELOOP_TELEMETRY: 'false' }),
    spans: otlpSpans,
  },
  "Traceloop's decorators alone": {
    tree: 'traceloop-0',
    flags: () => [],
    setup: 'traceloop-decorators',
    isExportedByUs: true,
    env: ({ url }) => ({ TRACELOOP_BASE_URL: url, TRACELOOP_TELEMETRY: 'false' }),
    spans: otlpSpans,
  },
  'An instrumentation alone': {
    tree: 'traceloop-0',
    flags: () => [],
    setup: 'traceloop-instrumentation',
    env: () => ({}),
    spans: otlpSpans,
  },
};
