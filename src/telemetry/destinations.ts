import { log } from '../config/log';
import type { Config } from '../config/resolve';
import type { ExporterName } from '../config/settings';
import { type BatchOptions, BatchQueue } from './batch';
import { Delivery } from './delivery';
import type { Exporter, Urgency } from './exporter';
import type { SpanSink } from './pipeline';
import { DEFAULT_PROCESSOR } from './routing';

/** Reads an exporter's code from disk. Called with the first finished span, not before. */
const LOADERS: Record<Exclude<ExporterName, 'none'>, (config: Config, delivery: Delivery) => Exporter> = {
  respan: (config, delivery) =>
    (require('./exporters/respan') as typeof import('./exporters/respan')).createExporter(config, delivery),
  otlp: (config, delivery) =>
    (require('./exporters/otlp') as typeof import('./exporters/otlp')).createExporter(config, delivery),
  file: (config) => (require('./exporters/file') as typeof import('./exporters/file')).createExporter(config),
  console: () => (require('./exporters/console') as typeof import('./exporters/console')).createExporter(),
};

/** How each is called in messages. */
const TITLES: Record<Exclude<ExporterName, 'none'>, string> = {
  respan: 'Respan',
  otlp: 'the OTLP endpoint',
  file: 'the file',
  console: 'the console',
};

/** What fails where it writes has nothing to wait for: these take each span as it ends. */
const IMMEDIATE: readonly ExporterName[] = ['file', 'console'];

/** Where spans leave: one that settings name, or one that the app's code adds. */
export interface Destination extends SpanSink {
  /** How it is called in messages. */
  title: string;
  isIdle(): boolean;
  setUrgency(urgency: Urgency): void;
  shutdown(): Promise<void>;
  /** Nothing will be sent any more: what is left is kept or counted, and what was lost is said. */
  conclude(): void;
}

/**
 * What the settings name; together they answer to the name `default`. `isElsewhere` tells whether code has added
 * processors, so that it is no news that the settings name none.
 */
export function createDestinations(
  config: Config,
  options: BatchOptions,
  isElsewhere: () => boolean,
): Destination[] {
  if (config.exporters.length === 0) return [nowhere(isElsewhere)];
  return config.exporters
    .filter((name): name is Exclude<ExporterName, 'none'> => name !== 'none')
    .map((name) => {
      let exporter: Exporter | undefined;
      let urgency: Urgency = 'normal';
      const delivery = new Delivery(TITLES[name]);
      const load = () => {
        if (!exporter) {
          exporter = LOADERS[name](config, delivery);
          exporter.setUrgency?.(urgency);
        }
        return exporter;
      };
      const batch = IMMEDIATE.includes(name) ? { ...options, maxExportBatchSize: 1 } : options;
      const queue = new BatchQueue(load, batch, delivery);
      return {
        name: DEFAULT_PROCESSOR,
        title: name,
        add: (span) => queue.add(span),
        exportTogether: (spans) => queue.exportTogether(spans),
        flush: () => queue.flush(),
        isIdle: () => queue.isIdle(),
        setUrgency(now) {
          urgency = now;
          queue.setUrgency(now);
          exporter?.setUrgency?.(now);
        },
        shutdown: async () => exporter?.shutdown(),
        conclude: () => queue.conclude(),
      };
    });
}

/** No destination configured: said once, when the first span has nowhere to go. */
function nowhere(isElsewhere: () => boolean): Destination {
  const say = () => {
    if (isElsewhere()) return;
    log.once(
      'info',
      'spans are not exported: set RESPAN_API_KEY, OTEL_EXPORTER_OTLP_ENDPOINT or RESPAN_EXPORTER=file (RESPAN_EXPORTER=none hides this line)',
    );
  };
  return {
    name: DEFAULT_PROCESSOR,
    title: 'nowhere',
    add: say,
    async exportTogether() {
      say();
      return isElsewhere();
    },
    async flush() {},
    isIdle: () => true,
    setUrgency() {},
    async shutdown() {},
    conclude() {},
  };
}
