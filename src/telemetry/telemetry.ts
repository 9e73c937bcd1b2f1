import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { environment, hideFromBundledCode } from '../config/environment';
import type { Redaction } from '../config/explicit-options';
import { log, setLogLevel } from '../config/log';
import { type Config, resolveConfig } from '../config/resolve';
import { shared } from '../config/shared';
import type { ProcessorOptions } from './added-processor';
import { context, DiagLogLevel, diag, propagation, type Tracer, trace } from './api';
import type { BatchOptions } from './batch';
import { removeContent } from './content-policy';
import { registerContext } from './context';
import { createDestinations, type Destination } from './destinations';
import { idGenerator } from './id-generator';
import { followProcessEnd } from './lifecycle';
import { createLimitStep, createLimits } from './limits';
import { isInClientCall } from './model-call-context';
import { OpenCalls } from './open-calls';
import { createSecretStep } from './own-secrets';
import { Pipeline, type PipelineParts, type SpanStep } from './pipeline';
import { loadPostprocess, postprocessWith } from './postprocess';
import { createResource, liveResource } from './resource';
import { RespanTracerProvider } from './respan-provider';
import { DEFAULT_PROCESSOR } from './routing';
import { createSampler, whileEnabled } from './sampler';
import { carryOn, joinStarter } from './threads/first-span';
import { createTraceLimit } from './trace-limit';

declare const __VERSION__: string;

/** The one running telemetry of a process: provider, context, destinations and the end of the process. */
export interface Telemetry {
  /** As it is now: code may change it. */
  readonly config: Config;
  provider: RespanTracerProvider;
  openCalls: OpenCalls;
  /** A tracer of our own provider; `name` is the instrumentation scope. */
  tracer(name: string): Tracer;
  /** Settles when every finished span is out or has failed. Never rejects. */
  flush(): Promise<void>;
  /** Before the process stands still: within the bound of its end; nothing where there is nothing to export. */
  exportInTime(): Promise<void> | undefined;
  /** Whether the code that runs is inside a call that an instrument traces. */
  isInModelCall(): boolean;
  /** Reads the settings again, with what code has said since. */
  configure(): void;
  addProcessor(options: ProcessorOptions): void;
  /** Sends spans that were kept back, all of one destination in one batch; answers whether they were taken. */
  processSpans(spans: readonly ReadableSpan[]): Promise<boolean>;
  /** Exports what is finished and ends; nothing is recorded until it is configured again. */
  shutdown(): Promise<void>;
  /** Whether spans are recorded. */
  isActive(): boolean;
  /** Sees to spans of others as well. */
  takeIn(guests: Guests): void;
  /** Forgets the processors code has added. For tests of the app's. */
  removeProcessors(): void;
}

/** Spans of threads that have ended. */
export interface Guests {
  destinations(): Destination[];
  flush(): Promise<void>;
  takeAll(): void;
}

// Code may say what is true of all spans in a context before there is one.
registerContext();

let running: Telemetry | undefined;

/**
 * The running telemetry, started on first use: with the first call, or when the process has nothing to do.
 * Settings are read again here, because an app may have filled its environment (dotenv) since the preload.
 */
export function telemetry(): Telemetry {
  running ??= start();
  return running;
}

function start(): Telemetry {
  let config = readConfig();
  let resource = createResource(config);
  let isShutDown = false;
  routeDiagnostics();

  const openCalls = new OpenCalls();
  const added: Destination[] = [];
  const hasAdded = () => added.length > 0;
  let configured = createDefaults(config, hasAdded);
  const pipeline = new Pipeline(partsOf(configured));
  const isActive = () => config.isEnabled && !isShutDown;
  const provider = new RespanTracerProvider(
    {
      idGenerator,
      resource: liveResource(() => resource),
      sampler: whileEnabled(createSampler(config.otel), isActive),
      spanLimits: createLimits(config.otel),
      spanProcessors: [pipeline],
    },
    (scope) => shared()?.blockedScopes?.has(scope) === true,
  );
  const propagators = config.otel.OTEL_PROPAGATORS ?? ['tracecontext', 'baggage'];
  if (!propagators.includes('tracecontext')) propagation.disable();
  if (shared()?.instruments?.includes('threading')) {
    joinStarter(propagators);
    pipeline.onFirstStart = carryOn;
  }
  trace.setGlobalTracerProvider(provider);

  function partsOf({ destinations, ...steps }: Defaults): PipelineParts {
    return { ...steps, sinks: [...destinations, ...added] };
  }
  const destinations = (): Destination[] => [...configured.destinations, ...added];
  let guests: Guests | undefined;
  const flush = async () => {
    await Promise.all([pipeline.forceFlush(), guests?.flush()]);
  };
  /** What waits in destinations that are no longer used goes out all the same. */
  async function retire(old: readonly Destination[]): Promise<void> {
    await Promise.all(old.map((destination) => destination.flush()));
    for (const destination of old) destination.conclude();
    await Promise.all(old.map((destination) => destination.shutdown()));
  }

  const telemetry: Telemetry = {
    get config() {
      return config;
    },
    provider,
    openCalls,
    isActive,
    tracer: (name) => provider.getTracer(name, __VERSION__),
    flush,
    takeIn(given) {
      guests = given;
    },
    exportInTime: () => exportInTime(),
    isInModelCall: () => isInClientCall(context.active()),
    configure() {
      const before = config;
      config = readConfig();
      isShutDown = false;
      resource = createResource(config);
      const old = configured;
      configured = createDefaults(config, hasAdded, isSameDestination(before, config) ? old : undefined);
      pipeline.use(partsOf(configured));
      if (configured.destinations !== old.destinations) void retire(old.destinations);
    },
    addProcessor(options) {
      added.push(createAdded(options, config));
      pipeline.use(partsOf(configured));
    },
    removeProcessors() {
      void retire(added.splice(0));
      pipeline.use(partsOf(configured));
    },
    processSpans: async (spans) => isActive() && (await pipeline.process(spans)),
    async shutdown() {
      isShutDown = true;
      await pipeline.forceFlush();
      for (const destination of destinations()) destination.conclude();
      await Promise.all(destinations().map((destination) => destination.shutdown()));
    },
  };
  const exportInTime = followProcessEnd({
    openCalls,
    pipeline,
    destinations: () => [...destinations(), ...(guests?.destinations() ?? [])],
    flush,
    takeAll: () => guests?.takeAll(),
    timeout: () => config.shutdownTimeout,
  });
  const loader = shared();
  if (loader) loader.telemetry = telemetry;
  return telemetry;
}

function readConfig(): Config {
  const { config, warnings, invalid } = resolveConfig(environment, shared()?.options?.settings);
  setLogLevel(config.logLevel);
  for (const warning of warnings) log.once('warn', warning);
  hideFromBundledCode(invalid);
  return config;
}

/** What settings and options make. */
export interface Defaults extends Omit<PipelineParts, 'sinks'> {
  destinations: readonly Destination[];
  /** The exporter objects among the options they were made of. */
  exporters: readonly object[];
  callback: unknown;
}

/** `kept` is what was there before, whose destinations go on. */
export function createDefaults(config: Config, hasAdded: () => boolean, kept?: Defaults): Defaults {
  const { exporters = [], redact = [], spanPostprocessCallback: callback } = shared()?.options ?? {};
  const postprocess = callback ? postprocessWith(callback) : loadPostprocess(config.spanPostprocessCallback);
  // What a callback adds is content as well: all the others come after it.
  const steps = postprocess ? [postprocess.step] : [];
  steps.push(createSecretStep(config));
  const redactions = [...redact, ...config.redact];
  if (redactions.length > 0) steps.push(createRedactionLater(redactions));
  steps.push(createLimitStep(config.otel));
  if (!config.traceContent) steps.push(removeContent);
  const isKept = kept !== undefined && sameItems(kept.exporters, exporters);
  const destinations = isKept
    ? kept.destinations
    : [
        ...createDestinations(config, batchOptions(config), hasAdded),
        ...exporters.map((exporter) =>
          addedProcessors().exporterDestination(
            exporter as SpanExporter,
            { name: DEFAULT_PROCESSOR },
            batchOptions(config),
          ),
        ),
      ];
  const passes = createTraceLimit(config.maxSpansPerTrace);
  return { steps, passes, ready: postprocess?.ready, destinations, exporters, callback };
}

/** Its code is read with the first span that has ended. */
function createRedactionLater(redactions: readonly Redaction[]): SpanStep {
  let step: SpanStep | undefined;
  return (span) => {
    step ??= (require('./redact/step') as typeof import('./redact/step')).createRedactionStep(redactions);
    step(span);
  };
}

function sameItems(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

/** Whether what spans are sent to, and how, has stayed what it was. */
function isSameDestination(before: Config, after: Config): boolean {
  const decisive = (config: Config) =>
    JSON.stringify([
      config.exporters,
      config.apiKey,
      config.baseUrl,
      config.headers,
      config.isBatchingEnabled,
      config.tracesDir,
      config.maxQueueBytes,
      config.maxBatchBytes,
      config.spoolDir,
      config.maxSpoolBytes,
    ]);
  return decisive(before) === decisive(after);
}

/** Only where code adds some. */
function addedProcessors(): typeof import('./added-processor') {
  return require('./added-processor') as typeof import('./added-processor');
}

function createAdded(options: ProcessorOptions, config: Config): Destination {
  const { exporterDestination, processorDestination } = addedProcessors();
  const { exporter, processor, name, filter, isBatchingEnabled = config.isBatchingEnabled } = options;
  if (processor) return processorDestination(processor, { name, filter });
  return exporterDestination(exporter!, { name, filter }, batchOptions({ ...config, isBatchingEnabled }));
}

/**
 * The defaults of the batch span processor but for the delay: a span should not wait to be seen; and for the size of
 * the queue: what ends at the same moment should not have to go.
 */
function batchOptions(
  config: Pick<Config, 'otel' | 'isBatchingEnabled' | 'maxQueueBytes' | 'maxBatchBytes'>,
): BatchOptions {
  const { otel, isBatchingEnabled, maxQueueBytes, maxBatchBytes } = config;
  const maxQueueSize = otel.OTEL_BSP_MAX_QUEUE_SIZE ?? 16_384;
  const maxExportBatchSize = Math.min(otel.OTEL_BSP_MAX_EXPORT_BATCH_SIZE ?? 512, maxQueueSize);
  return {
    scheduledDelayMillis: otel.OTEL_BSP_SCHEDULE_DELAY ?? 200,
    exportTimeoutMillis: otel.OTEL_BSP_EXPORT_TIMEOUT ?? 30_000,
    maxQueueSize,
    maxQueueBytes,
    maxBatchBytes,
    maxExportBatchSize: isBatchingEnabled ? maxExportBatchSize : 1,
  };
}

/**
 * What the bundled OpenTelemetry code has to say goes where all of our words go. Its warnings are about spans an
 * app handles oddly (an attribute after the end): nothing to bother the app's stderr with.
 */
function routeDiagnostics(): void {
  diag.setLogger(
    {
      error: (message) => log.once('warn', message),
      warn: (message) => log.debug(message),
      info: (message) => log.debug(message),
      debug: () => {},
      verbose: () => {},
    },
    { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true },
  );
}
