import type { Config } from '../../config/resolve';
import { DEFAULT_BASE_URL } from '../../config/settings';
import { JsonTraceSerializer } from '../../vendor/otlp-transformer';
import { type BatchOptions, BatchQueue } from '../batch';
import { Delivery } from '../delivery';
import type { Exporter } from '../exporter';
import { createHttpSender } from './http-sender';
import { withPlatformAliases } from './platform-aliases';
import { SendingExporter } from './sending-exporter';
import { shorter } from './shorter';
import { type SpoolSettings, spoolFor } from './spool-for';
import { tracesUrl } from './traces-url';

const TIMEOUT_MILLIS = 10_000;

export interface RespanTarget {
  apiKey?: string;
  baseUrl?: string;
  headers?: Readonly<Record<string, string>>;
}

/** To the Respan platform: OTLP/JSON with a Bearer key, and the attribute names the platform documents. */
export function createExporter(config: Config, delivery: Delivery): Exporter {
  return createSender(config, delivery, config);
}

/** The same for a queue of the app's, which knows nothing of trying again. */
export function createRespanExporter(target: RespanTarget): Exporter {
  const delivery = new Delivery('Respan');
  const exporter = createSender(target, delivery, {});
  const queue = new BatchQueue(() => exporter, UNBOUNDED, delivery);
  return {
    export(spans, callback) {
      queue.exportTogether(spans).then((isTaken) => callback({ code: isTaken ? 0 : 1 }));
    },
    forceFlush: () => queue.flush(),
    async shutdown() {
      queue.setUrgency('over');
      await exporter.shutdown();
    },
  };
}

/** Whoever has a queue has bounds as well. */
const UNBOUNDED: BatchOptions = {
  scheduledDelayMillis: 0,
  exportTimeoutMillis: 30_000,
  maxQueueSize: Number.POSITIVE_INFINITY,
  maxQueueBytes: Number.POSITIVE_INFINITY,
  maxExportBatchSize: Number.POSITIVE_INFINITY,
  maxBatchBytes: Number.POSITIVE_INFINITY,
};

function createSender(
  { apiKey, baseUrl = DEFAULT_BASE_URL, headers = {} }: RespanTarget,
  delivery: Delivery,
  spool: SpoolSettings,
): Exporter {
  const url = tracesUrl(baseUrl);
  return new SendingExporter({
    delivery,
    url,
    shorter,
    spool: spoolFor(spool, ['respan', url, apiKey, headers], delivery),
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
