import { httpAgentFactoryFromOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Config } from '../../config/resolve';
import { JsonTraceSerializer } from '../../vendor/otlp-transformer';
import { OtlpOverHttpExporter } from './otlp-over-http';
import { withPlatformAliases } from './platform-aliases';
import { tracesUrl } from './traces-url';

const TIMEOUT_MILLIS = 10_000;

/** To the Respan platform: OTLP/JSON with a Bearer key, and the attribute names the platform documents. */
export function createExporter(config: Config): SpanExporter {
  const headers = { Authorization: `Bearer ${config.apiKey}`, ...config.headers };
  return new OtlpOverHttpExporter({
    title: 'Respan',
    serializer: JsonTraceSerializer as never,
    contentType: 'application/json',
    transform: withPlatformAliases,
    target: {
      url: tracesUrl(config.baseUrl),
      headers: () => headers,
      compression: 'none',
      timeoutMillis: TIMEOUT_MILLIS,
      agent: httpAgentFactoryFromOptions({ keepAlive: true }) as never,
    },
    hints: {
      401: 'check RESPAN_API_KEY',
      403: 'check RESPAN_API_KEY and what it may do',
      404: 'check RESPAN_BASE_URL',
    },
  });
}
