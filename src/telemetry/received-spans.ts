import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { setLogLevel } from '../config/log';
import { DEFAULT_SHUTDOWN_TIMEOUT_MILLIS } from '../config/settings';
import { addCost } from '../instruments/genai/cost-step';
import type { HrTime } from './api';
import { beforeExport } from './before-export';
import type { Destination } from './destinations';
import { markInterrupted } from './interrupted';
import { Pipeline } from './pipeline';
import { type Reply, type SpanRecord, spanOf, type Told } from './span-record';
import { createDefaults } from './telemetry';

/** Beyond it, a process that forgets spans would fill our memory. */
const MAX_OPEN = 100_000;

beforeExport(addCost);

/** Where the spans of one configuration leave. Processes of one run mostly have the same. */
interface Exit {
  pipeline: Pipeline;
  destinations: readonly Destination[];
  timeoutMillis: number;
}
const exits = new Map<string, Exit>();

interface OpenSpan {
  record: SpanRecord;
  exit: Exit;
  resource: ReadableSpan['resource'];
}

/** The spans of one process: exported as they end, and those that never ended when it is gone. */
export class ReceivedSpans {
  readonly #reply: (reply: Reply) => void;
  readonly #open = new Map<string, OpenSpan>();
  #exit: Exit | undefined;
  #resource = { attributes: {} } as ReadableSpan['resource'];
  /** When its process was gone. */
  #goneAt = 0;

  constructor(reply: (reply: Reply) => void) {
    this.#reply = reply;
  }

  take(told: Told): void {
    if ('config' in told) {
      this.#exit = exitFor(told.config);
      this.#resource = { attributes: told.resource } as ReadableSpan['resource'];
      return;
    }
    const exit = this.#exit;
    if (!exit) return;
    if ('start' in told) {
      const { start: record } = told;
      if (this.#open.size < MAX_OPEN)
        this.#open.set(record.context.spanId, { record, exit, resource: this.#resource });
    } else if ('progress' in told) {
      Object.assign(this.#open.get(told.progress)?.record.attributes ?? {}, told.attributes);
    } else if ('end' in told) {
      const span = this.#ended(told.end);
      for (const destination of exit.destinations) {
        if (told.to === undefined || told.to === destination.title) destination.add(span);
      }
    } else if ('together' in told) {
      const spans = told.together.map((record) => this.#ended(record));
      const taken = Promise.all(exit.destinations.map((destination) => destination.exportTogether(spans)));
      void taken.then((all) => this.#reply({ reply: told.reply, ok: all.every(Boolean) }));
    } else if ('flush' in told) {
      void exit.pipeline.forceFlush().then(() => this.#reply({ reply: told.reply, ok: true }));
    }
  }

  /** The process is gone. Answers whether it has left anything open. */
  isGone(): boolean {
    this.#goneAt = Date.now();
    return this.#open.size > 0;
  }

  /** What is open ends now that it is known why. */
  interruptOpen(by: string): void {
    const end: HrTime = [Math.floor(this.#goneAt / 1_000), (this.#goneAt % 1_000) * 1e6];
    for (const { record, exit, resource } of this.#open.values()) {
      const span = spanOf(record, resource, isAfter(record.start, end) ? record.start : end);
      markInterrupted(span, { by, isFailure: true });
      exit.pipeline.onEnd(span);
    }
    this.#open.clear();
  }

  #ended(record: SpanRecord): ReadableSpan {
    this.#open.delete(record.context.spanId);
    return spanOf(record, this.#resource);
  }
}

export const receivedDestinations = (): Destination[] =>
  [...exits.values()].flatMap(({ destinations }) => destinations);

/** As long as the process goes on. */
export async function flushReceived(): Promise<void> {
  await Promise.all([...exits.values()].map(({ pipeline }) => pipeline.forceFlush()));
}

/** Everything that was received leaves, within the bound that the settings give. */
export async function exportReceived(): Promise<void> {
  await Promise.all([...exits.values()].map(exportLast));
}

async function exportLast({ pipeline, destinations, timeoutMillis }: Exit): Promise<void> {
  for (const destination of destinations) destination.setUrgency('ending');
  const bound = setTimeout(() => {
    for (const destination of destinations) destination.setUrgency('over');
  }, timeoutMillis);
  await pipeline.forceFlush();
  clearTimeout(bound);
  for (const destination of destinations) destination.conclude();
}

function exitFor(config: Parameters<typeof createDefaults>[0]): Exit {
  const key = JSON.stringify(config);
  const known = exits.get(key);
  if (known) return known;
  setLogLevel(config.logLevel);
  const { destinations, ...steps } = createDefaults(config, () => false);
  const exit: Exit = {
    pipeline: new Pipeline({ ...steps, sinks: [...destinations] }),
    destinations,
    timeoutMillis: config.shutdownTimeout ?? DEFAULT_SHUTDOWN_TIMEOUT_MILLIS,
  };
  exits.set(key, exit);
  return exit;
}

function isAfter([seconds, nanos]: HrTime, [otherSeconds, otherNanos]: HrTime): boolean {
  return seconds > otherSeconds || (seconds === otherSeconds && nanos > otherNanos);
}
