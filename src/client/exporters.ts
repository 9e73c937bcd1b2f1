import type { Exporter } from '../telemetry/exporter';
import type { ExportResult, ReadableSpan, SpanExporter } from './otel-types';

/** Reads an exporter's code from disk with the first span, not before. */
class LazyExporter implements SpanExporter {
  readonly #create: () => SpanExporter;
  #exporter: SpanExporter | undefined;

  constructor(create: () => SpanExporter) {
    this.#create = create;
  }

  /** Hands `spans` on; `resultCallback` gets code 0 when they were taken. */
  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    try {
      this.#exporter ??= this.#create();
      this.#exporter.export(spans, resultCallback);
    } catch (error) {
      resultCallback({ code: 1, error: error as Error });
    }
  }

  /** Settles when what is under way is done. */
  async forceFlush(): Promise<void> {
    await this.#exporter?.forceFlush?.();
  }

  /** Ends it. */
  async shutdown(): Promise<void> {
    await this.#exporter?.shutdown?.();
  }
}

export interface RespanSpanExporterOptions {
  /** Respan's API, with or without `/api`, or a full traces URL. By default that of Respan's service. */
  endpoint?: string;
  apiKey: string;
  /** HTTP headers added to every request. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * Sends spans to Respan, for `addProcessor` and for OpenTelemetry SDKs: a further project, another region. Sending is
 * retried; that it fails is said once, and so is that it works again.
 */
export class RespanSpanExporter extends LazyExporter {
  constructor({ endpoint, apiKey, headers }: RespanSpanExporterOptions) {
    super(() => {
      const { createRespanExporter } =
        require('../telemetry/exporters/respan') as typeof import('../telemetry/exporters/respan');
      return ours(createRespanExporter({ baseUrl: endpoint, apiKey, headers }));
    });
  }
}

/** Writes spans to a file as OTLP/JSON lines, which an OpenTelemetry Collector and `respan` read. */
export class FileSpanExporter extends LazyExporter {
  /** @param path the file, which is appended to; only its owner can read it. Folders are made. */
  constructor(path: string) {
    super(() => {
      const { createFileExporter } =
        require('../telemetry/exporters/file') as typeof import('../telemetry/exporters/file');
      return ours(createFileExporter(path));
    });
  }
}

/** Writes one line a span to stderr. */
export class ConsoleSpanExporter extends LazyExporter {
  constructor() {
    super(() => {
      const { createExporter } =
        require('../telemetry/exporters/console') as typeof import('../telemetry/exporters/console');
      return ours(createExporter());
    });
  }
}

/** The SDK's interface in our words, which name none of its classes. */
const ours = (exporter: Exporter): SpanExporter => exporter as unknown as SpanExporter;
