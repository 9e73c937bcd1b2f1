import { shared } from '../config/shared';
import { getClient, type RespanClient } from './client';
import { agent, task, tool, withAgent, withTask, withTool, withWorkflow, workflow } from './entities';
import type { EntityFunction, ProcessorOptions, WithEntity } from './entity-types';
import type { Instrument } from './instruments';
import type { SpanExporter, SpanFunction } from './otel-types';
import { running, runningIfStarted } from './running';

type Level = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';
type ExporterName = 'respan' | 'otlp' | 'file' | 'console' | 'none';
type List<T> = readonly T[] | ReadonlySet<T>;
/** The known names are offered by editors, and any other text is taken. */
type OrText<T> = T | (string & Record<never, never>);

/**
 * Every option has an environment variable, which answers where the option is left out; see the README. A value that
 * makes no sense is said in one line that names it, and the variable or the default is used.
 */
export interface RespanTelemetryOptions {
  /** The service name on every span. */
  appName?: string;
  /** Respan's API key: with one, spans go to Respan. */
  apiKey?: string;
  /** Respan's API, with or without `/api`. */
  baseUrl?: string;
  /** Any case. */
  logLevel?: Level | Lowercase<Level>;
  /** false: each span is exported as it ends. */
  isBatchingEnabled?: boolean;
  /** What to trace, by id or alias; an empty list for nothing. By default everything. */
  instruments?: List<OrText<Instrument>>;
  /** What not to trace. */
  blockInstruments?: List<OrText<Instrument>>;
  /** HTTP headers added to every export. */
  headers?: Readonly<Record<string, string>>;
  /** On the resource of every span, such as `deployment.environment.name`. */
  resourceAttributes?: Readonly<Record<string, string>>;
  /**
   * Called with each finished span before it is exported, and may change its attributes; or the path of a module whose
   * default export is that function. Where it throws, the span leaves without content.
   */
  spanPostprocessCallback?: SpanFunction<void> | string;
  /** false: nothing is traced, and the API does nothing. */
  isEnabled?: boolean;
  /** false: no prompt, completion, tool argument, document or vector leaves the process. */
  traceContent?: boolean;
  /** Where spans go: names, or an exporter of OpenTelemetry's own in their place. */
  exporter?: ExporterName | SpanExporter | readonly (ExporterName | SpanExporter)[];
  /** Where the `file` exporter writes. */
  tracesDir?: string;
  /**
   * Libraries to patch by hand, their main class or all they export: `{ openAI: OpenAI }`. Needed where they are inside
   * the app's bundle.
   */
  instrumentModules?: Readonly<Record<string, unknown>>;
}

/**
 * The telemetry of this process. With the preload it is running already, and this configures it; without, this
 * starts it: libraries loaded from here on are traced, and of those loaded before, whatever can still be reached.
 * However often it is constructed there is one telemetry a process, in which later options win. Nothing here throws.
 */
export class RespanTelemetry {
  readonly workflow: EntityFunction = workflow;
  readonly task: EntityFunction = task;
  readonly agent: EntityFunction = agent;
  readonly tool: EntityFunction = tool;
  readonly withWorkflow: WithEntity = withWorkflow;
  readonly withTask: WithEntity = withTask;
  readonly withAgent: WithEntity = withAgent;
  readonly withTool: WithEntity = withTool;

  constructor(options: RespanTelemetryOptions = {}) {
    const loader = shared();
    if (loader?.configure) loader.configure(options);
    else
      (require('../loader/start-in-code') as typeof import('../loader/start-in-code')).startInCode(options);
  }

  /**
   * Sends spans to one more destination. Processors do not disturb each other: what fails in one is said once. Does nothing
   * where telemetry is off.
   */
  addProcessor(options: ProcessorOptions): void {
    running()?.addProcessor(options as never);
  }

  /** The client of this process; the same as `getClient()`. */
  getClient(): RespanClient {
    return getClient();
  }

  /** Exports what has finished. Settles when that is done or has failed; never rejects. */
  async flush(): Promise<void> {
    await runningIfStarted()?.flush();
  }

  /**
   * Exports what has finished and ends: from here on nothing is recorded, and the app runs on. Never rejects. Another
   * `new RespanTelemetry()` starts again.
   */
  async shutdown(): Promise<void> {
    await runningIfStarted()?.shutdown();
  }
}
