import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Config } from '../../config/resolve';
import { untraced } from '../context';

/** OTLP over gRPC, by OpenTelemetry's own exporter, which reads OTEL_EXPORTER_OTLP_* itself. */
export function createExporter(_config: Config): SpanExporter {
  const exporter = new OTLPTraceExporter();
  return {
    export: (spans, callback) => untraced(() => exporter.export(spans, callback)),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
