import { log } from '../config/log';
import type { Config } from '../config/resolve';
import type { ExporterName } from '../config/settings';
import { type BatchOptions, BatchQueue } from './batch';
import type { Exporter, Urgency } from './exporter';

/** Reads an exporter's code from disk. Called with the first finished span, not before. */
const LOADERS: Record<Exclude<ExporterName, 'none'>, (config: Config) => Exporter> = {
  respan: (config) =>
    (require('./exporters/respan') as typeof import('./exporters/respan')).createExporter(config),
  otlp: (config) => (require('./exporters/otlp') as typeof import('./exporters/otlp')).createExporter(config),
  file: (config) => (require('./exporters/file') as typeof import('./exporters/file')).createExporter(config),
  console: () => (require('./exporters/console') as typeof import('./exporters/console')).createExporter(),
};

/** What fails where it writes has nothing to wait for: these take each span as it ends. */
const IMMEDIATE: readonly ExporterName[] = ['file', 'console'];

export interface Destination {
  name: ExporterName;
  add: BatchQueue['add'];
  flush: BatchQueue['flush'];
  isIdle: BatchQueue['isIdle'];
  setUrgency(urgency: Urgency): void;
  maxQueueSize: number;
  /** How many spans found the queue full. */
  dropped(): number;
}

export function createDestinations(config: Config, options: BatchOptions): Destination[] {
  if (config.exporters.length === 0) return [nowhere()];
  return config.exporters
    .filter((name): name is Exclude<ExporterName, 'none'> => name !== 'none')
    .map((name) => {
      let exporter: Exporter | undefined;
      let urgency: Urgency = 'normal';
      const load = () => {
        if (!exporter) {
          exporter = LOADERS[name](config);
          exporter.setUrgency?.(urgency);
        }
        return exporter;
      };
      const batch = IMMEDIATE.includes(name) ? { ...options, maxExportBatchSize: 1 } : options;
      const queue = new BatchQueue(load, batch);
      return {
        name,
        add: (span) => queue.add(span),
        flush: () => queue.flush(),
        isIdle: () => queue.isIdle(),
        setUrgency(now) {
          urgency = now;
          exporter?.setUrgency?.(now);
        },
        maxQueueSize: options.maxQueueSize,
        dropped: () => queue.dropped,
      };
    });
}

/** No destination configured: said once, when the first span has nowhere to go. */
function nowhere(): Destination {
  return {
    name: 'none',
    add() {
      log.once(
        'info',
        'spans are not exported: set RESPAN_API_KEY, OTEL_EXPORTER_OTLP_ENDPOINT or RESPAN_EXPORTER=file (RESPAN_EXPORTER=none hides this line)',
      );
    },
    async flush() {},
    isIdle: () => true,
    setUrgency() {},
    maxQueueSize: 0,
    dropped: () => 0,
  };
}
