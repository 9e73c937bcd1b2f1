import { environment } from '../config/environment';
import { log } from '../config/log';
import type { Config } from '../config/resolve';
import type { ExporterName } from '../config/settings';
import { shared } from '../config/shared';
import { isThread, RUN_SOCKET_VARIABLE } from '../config/threads';
import { appGlobals } from './app-globals';
import { type BatchOptions, BatchQueue } from './batch';
import { runExportSteps } from './before-export';
import { Delivery } from './delivery';
import type { Exporter, Urgency } from './exporter';
import type { LastRequest } from './last-request';
import type { SpanSink } from './pipeline';
import { DEFAULT_PROCESSOR } from './routing';
import { hasSentry } from './sentry';
import type { Witness } from './threads/witness';

type NamedExporter = Exclude<ExporterName, 'none'>;

/** Reads an exporter's code from disk. Called with the first finished span, not before. */
const LOADERS: Record<NamedExporter, (config: Config, delivery: Delivery) => Exporter> = {
  respan: (config, delivery) =>
    (require('./exporters/respan') as typeof import('./exporters/respan')).createExporter(config, delivery),
  otlp: (config, delivery) =>
    (require('./exporters/otlp') as typeof import('./exporters/otlp')).createExporter(config, delivery),
  file: (config) => (require('./exporters/file') as typeof import('./exporters/file')).createExporter(config),
  console: () => (require('./exporters/console') as typeof import('./exporters/console')).createExporter(),
};

/** How each is called in messages. */
const TITLES: Record<NamedExporter, string> = {
  respan: 'Respan',
  otlp: 'the OTLP endpoint',
  file: 'the file',
  console: 'the console',
};

/** What fails where it writes has nothing to wait for: these take each span as it ends. */
const IMMEDIATE: readonly ExporterName[] = ['file', 'console'];
const isImmediate = (name: ExporterName): boolean => IMMEDIATE.includes(name);

/** Where spans leave: one that settings name, or one that the app's code adds. */
export interface Destination extends SpanSink {
  /** How it is called in messages. */
  title: string;
  isIdle(): boolean;
  setUrgency(urgency: Urgency): void;
  shutdown(): Promise<void>;
  /** Whether another process sees to what is open or on its way when this one ends. */
  outlivesUs?(): boolean;
  /** For the end of the process, where what is sent needs time: what nobody has taken yet. */
  lastRequests?(deadline: number): LastRequest[];
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
  const names = config.exporters.filter((name): name is NamedExporter => name !== 'none');
  const socket = environment.get(RUN_SOCKET_VARIABLE);
  const handedOver = names.filter((name) => socket !== undefined && name !== 'console');
  if (!socket || handedOver.length === 0)
    return createNamed(names, config, options, witnessOf(config, names));
  const { supervised } = require('./supervised') as typeof import('./supervised');
  const own = names.filter((name) => !handedOver.includes(name));
  return [
    supervised(socket, { ...config, exporters: handedOver }, () => createNamed(handedOver, config, options)),
    ...createNamed(own, config, options),
  ];
}

/** Of a thread, which may be terminated. */
function witnessOf(config: Config, names: readonly NamedExporter[]): Witness | undefined {
  if (!isThread() || names.every(isImmediate) || !shared()?.instruments?.includes('threading'))
    return undefined;
  const { startLastWords } = require('./threads/last-words') as typeof import('./threads/last-words');
  return startLastWords(config);
}

/** Exports in this process. */
function createNamed(
  names: readonly NamedExporter[],
  config: Config,
  options: BatchOptions,
  witnessed?: Witness,
): Destination[] {
  return names.map((name) => {
    const witness = isImmediate(name) ? undefined : witnessed;
    let exporter: Exporter | undefined;
    let urgency: Urgency = 'normal';
    const delivery = new Delivery(TITLES[name]);
    const load = () => {
      if (!exporter) {
        exporter = LOADERS[name](config, delivery);
        exporter.setUrgency?.(urgency);
        if (witness) watchExports(exporter, name, witness);
      }
      return exporter;
    };
    const isLeftOut = () => name === 'otlp' && isLeftToAppSdk(config);
    const batch: BatchOptions = {
      ...options,
      ...(isImmediate(name) && { maxExportBatchSize: 1 }),
      ...(witness && {
        onOutcome(waitAgain, settled) {
          if (waitAgain.length > 0) witness.waitsAgain(name, waitAgain);
          if (settled.length > 0) witness.isSettled(name, settled);
        },
      }),
    };
    const isFirst = witness && name === names.find((one) => !isImmediate(one));
    const queue = new BatchQueue(load, batch, delivery);
    return {
      name: DEFAULT_PROCESSOR,
      title: name,
      ...(isFirst && { onStart: (span, context) => witness.started(span, context) }),
      add(span) {
        if (isLeftOut()) return;
        witness?.waits(name, span);
        queue.add(span);
      },
      exportTogether: async (spans) => isLeftOut() || queue.exportTogether(spans),
      flush: () => queue.flush(),
      isIdle: () => queue.isIdle(),
      setUrgency(now) {
        urgency = now;
        queue.setUrgency(now);
        exporter?.setUrgency?.(now);
      },
      shutdown: async () => exporter?.shutdown(),
      ...(!isImmediate(name) && {
        lastRequests() {
          if (queue.isIdle() || witness?.isLeftToOthers()) return [];
          const batches = queue.drainBatches();
          // What is on its way is among what the exporter answers with.
          queue.drainUnderway();
          for (const spans of batches) runExportSteps(spans);
          return load().lastRequests?.(batches) ?? [];
        },
      }),
      conclude() {
        // What was tried in vain is not tried again elsewhere.
        if (queue.isIdle() || !witness?.isLeftToOthers()) queue.conclude();
      },
    };
  });
}

function watchExports(exporter: Exporter, name: string, witness: Witness): void {
  const send = exporter.export.bind(exporter);
  exporter.export = (spans, callback) => {
    // Where somebody else has taken them over, this thread is about to end.
    if (witness.isTaken()) return;
    witness.leaves(name, spans);
    send(spans, callback);
  };
  exporter.onWritten = (spans) => witness.isWritten(name, spans);
}

/**
 * A process of a traced app's that was given an environment of its own, and has nothing of ours in it: nobody wants to
 * read there what was left out.
 */
const isStartedWithoutSettings = (): boolean =>
  process.env.TRACEPARENT !== undefined &&
  !Object.keys(process.env).some((name) => name.startsWith('RESPAN_'));

/**
 * An app's own SDK reads the same variables, and gets its backend from them: prompts do not go there unless that is
 * asked for.
 */
export function isLeftToAppSdk({ isOtlpImplied }: Pick<Config, 'isOtlpImplied'>): boolean {
  if (!isOtlpImplied) return false;
  // Sentry registers a provider, and reads none of them.
  if (!appGlobals()?.trace || hasSentry()) return false;
  log.once(
    'debug',
    'the OTEL_* endpoint is left to the OpenTelemetry SDK of the app; RESPAN_EXPORTER=respan,otlp exports there as well',
  );
  return true;
}

/** No destination configured: said once, when the first span has nowhere to go. */
function nowhere(isElsewhere: () => boolean): Destination {
  const say = () => {
    if (isElsewhere() || isStartedWithoutSettings()) return;
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
