import type { ExportResult, ReadableSpan, SpanExporter } from './otel-types';
import { RespanTelemetry, type RespanTelemetryOptions } from './respan-telemetry';
import { running } from './running';

/** Keeps finished spans in memory: for tests. */
export class InMemorySpanExporter implements SpanExporter {
  #spans: ReadableSpan[] = [];

  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    this.#spans.push(...spans);
    resultCallback({ code: 0 });
  }

  /** The spans that have ended so far, in the order they ended: a list of one's own. */
  getFinishedSpans(): ReadableSpan[] {
    return [...this.#spans];
  }

  /** Forgets them. */
  reset(): void {
    this.#spans = [];
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

export interface InMemoryTelemetry {
  telemetry: RespanTelemetry;
  /** The spans that have ended so far, in the order they ended. A span is there as soon as it has ended. */
  getFinishedSpans(): ReadableSpan[];
  /** For the time between two tests: forgets the spans, and the processors that were added. */
  reset(): void;
  /** Ends the telemetry of this process. Settles when that is done; never rejects. */
  stop(): Promise<void>;
}

/**
 * Traces into memory, and nowhere else, whatever variables say: for an app's own tests.
 *
 * @param options as of `RespanTelemetry`, but for where spans go.
 */
export function traceInMemory(
  options: Omit<RespanTelemetryOptions, 'exporter' | 'isBatchingEnabled'> = {},
): InMemoryTelemetry {
  const exporter = new InMemorySpanExporter();
  const telemetry = new RespanTelemetry({ isEnabled: true, ...options, exporter, isBatchingEnabled: false });
  return {
    telemetry,
    getFinishedSpans: () => exporter.getFinishedSpans(),
    reset() {
      exporter.reset();
      running()?.removeProcessors();
    },
    stop: () => telemetry.shutdown(),
  };
}
