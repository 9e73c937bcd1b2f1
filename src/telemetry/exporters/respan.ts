import type { Config } from '../../config/resolve';
import { JsonTraceSerializer } from '../../vendor/otlp-transformer';
import type { Exporter } from '../exporter';
import { createHttpSender } from './http-sender';
import { withPlatformAliases } from './platform-aliases';
import { RetryingExporter } from './retrying-exporter';
import { tracesUrl } from './traces-url';

const TIMEOUT_MILLIS = 10_000;

/** To the Respan platform: OTLP/JSON with a Bearer key, and the attribute names the platform documents. */
export function createExporter(config: Config): Exporter {
  const url = tracesUrl(config.baseUrl);
  return new RetryingExporter({
    title: 'Respan',
    url,
    serializer: JsonTraceSerializer as never,
    transform: withPlatformAliases,
    secrets: [config.apiKey ?? '', ...Object.values(config.headers)],
    sender: createHttpSender({
      url,
      headers: { Authorization: `Bearer ${config.apiKey}`, ...config.headers },
      contentType: 'application/json',
      timeoutMillis: TIMEOUT_MILLIS,
    }),
    hints: {
      401: 'check RESPAN_API_KEY',
      403: 'check RESPAN_API_KEY and what it may do',
      404: 'check RESPAN_BASE_URL',
    },
  });
}
