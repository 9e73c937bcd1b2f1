import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { environment, hideFromBundledCode } from '../config/environment';
import { log, setLogLevel } from '../config/log';
import { type Config, resolveConfig } from '../config/resolve';
import { shared } from '../config/shared';
import { DiagLogLevel, diag, propagation, type Tracer, trace } from './api';
import type { BatchOptions } from './batch';
import { removeContent } from './content-policy';
import { registerContext } from './context';
import { createDestinations } from './destinations';
import { idGenerator } from './id-generator';
import { followProcessEnd } from './lifecycle';
import { createLimits } from './limits';
import { OpenCalls } from './open-calls';
import { Pipeline, type SpanStep } from './pipeline';
import { loadPostprocess } from './postprocess';
import { createResource } from './resource';
import { createSampler } from './sampler';

declare const __VERSION__: string;

/** The one running telemetry of a process: provider, context, destinations and the end of the process. */
export interface Telemetry {
  config: Config;
  provider: BasicTracerProvider;
  openCalls: OpenCalls;
  /** A tracer of our own provider; `name` is the instrumentation scope. */
  tracer(name: string): Tracer;
  /** Settles when every finished span is out or has failed. Never rejects. */
  flush(): Promise<void>;
}

let running: Telemetry | undefined;

/**
 * The running telemetry, started on first use: with the first instrumented library, never in the preload.
 * Settings are read again here, because an app may have filled its environment (dotenv) since the preload.
 */
export function telemetry(): Telemetry {
  running ??= start();
  return running;
}

function start(): Telemetry {
  const { config, warnings, invalid } = resolveConfig(environment);
  setLogLevel(config.logLevel);
  for (const warning of warnings) log.once('warn', warning);
  hideFromBundledCode(invalid);
  routeDiagnostics();

  const openCalls = new OpenCalls();
  const steps: SpanStep[] = [];
  const postprocess = loadPostprocess(config.spanPostprocessCallback);
  if (postprocess) steps.push(postprocess.step);
  // Last: what a callback adds is content as well.
  if (!config.traceContent) steps.push(removeContent);

  const destinations = createDestinations(config, batchOptions(config));
  const pipeline = new Pipeline(steps, destinations, postprocess?.ready);
  const provider = new BasicTracerProvider({
    idGenerator,
    resource: createResource(config),
    sampler: createSampler(config.otel),
    spanLimits: createLimits(config.otel),
    spanProcessors: [pipeline],
  });
  registerContext();
  if (!(config.otel.OTEL_PROPAGATORS ?? ['tracecontext']).includes('tracecontext')) propagation.disable();
  trace.setGlobalTracerProvider(provider);
  const telemetry: Telemetry = {
    config,
    provider,
    openCalls,
    tracer: (name) => provider.getTracer(name, __VERSION__),
    flush: () => pipeline.forceFlush(),
  };
  followProcessEnd(telemetry, destinations);
  const loader = shared();
  if (loader) loader.telemetry = telemetry;
  return telemetry;
}

/** The defaults of the batch span processor but for the delay: a span should not wait to be seen. */
function batchOptions({ otel, isBatchingEnabled }: Config): BatchOptions {
  const maxQueueSize = otel.OTEL_BSP_MAX_QUEUE_SIZE ?? 8192;
  const maxExportBatchSize = Math.min(otel.OTEL_BSP_MAX_EXPORT_BATCH_SIZE ?? 512, maxQueueSize);
  return {
    scheduledDelayMillis: otel.OTEL_BSP_SCHEDULE_DELAY ?? 200,
    exportTimeoutMillis: otel.OTEL_BSP_EXPORT_TIMEOUT ?? 30_000,
    maxQueueSize,
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
