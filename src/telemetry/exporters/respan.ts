import type { Config } from '../../config/resolve';
import { DEFAULT_BASE_URL } from '../../config/settings';
import { JsonTraceSerializer } from '../../vendor/otlp-transformer';
import type { Exporter } from '../exporter';
import { createHttpSender } from './http-sender';
import { withPlatformAliases } from './platform-aliases';
import { RetryingExporter } from './retrying-exporter';
import { tracesUrl } from './traces-url';

const TIMEOUT_MILLIS = 10_000;

export interface RespanTarget {
  apiKey?: string;
  baseUrl?: string;
  headers?: Readonly<Record<string, string>>;
}

/** To the Respan platform: OTLP/JSON with a Bearer key, and the attribute names the platform documents. */
export function createExporter(config: Config): Exporter {
  return createRespanExporter(config);
}

export function createRespanExporter({
  apiKey,
  baseUrl = DEFAULT_BASE_URL,
  headers = {},
}: RespanTarget): Exporter {
  const url = tracesUrl(baseUrl);
  return new RetryingExporter({
    title: 'Respan',
    url,
    serializer: JsonTraceSerializer as never,
    transform: withPlatformAliases,
    secrets: [apiKey ?? '', ...Object.values(headers)],
    sender: createHttpSender({
      url,
      headers: { Authorization: `Bearer ${apiKey}`, ...headers },
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
