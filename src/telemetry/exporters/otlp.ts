import type { Config } from '../../config/resolve';
import { JsonTraceSerializer } from '../../vendor/otlp-transformer';
import type { Delivery } from '../delivery';
import type { Exporter } from '../exporter';
import { createHttpSender } from './http-sender';
import { otlpProtocol, otlpTarget } from './otlp-target';
import { SendingExporter } from './sending-exporter';
import { shorter } from './shorter';
import { spoolFor } from './spool-for';

/** Any OTLP backend, set up by the standard OTEL_EXPORTER_OTLP_* variables; RESPAN_HEADERS come on top. */
export function createExporter(config: Config, delivery: Delivery): Exporter {
  const protocol = otlpProtocol(config.otel);
  const target = otlpTarget(config);
  const json = protocol === 'http/json';
  const serializer = json
    ? JsonTraceSerializer
    : (require('./otlp-protobuf') as typeof import('./otlp-protobuf')).ProtobufTraceSerializer;
  const sender =
    protocol === 'grpc'
      ? (require('./otlp-grpc') as typeof import('./otlp-grpc')).createGrpcSender(target)
      : createHttpSender({ ...target, contentType: json ? 'application/json' : 'application/x-protobuf' });
  return new SendingExporter({
    delivery,
    url: target.url,
    shorter,
    spool: spoolFor(config, [protocol, target.url, target.headers], delivery),
    serializer: serializer as never,
    sender,
    secrets: Object.values(target.headers),
    hints: {
      401: 'check OTEL_EXPORTER_OTLP_HEADERS',
      403: 'check OTEL_EXPORTER_OTLP_HEADERS',
      404: 'check OTEL_EXPORTER_OTLP_ENDPOINT (it gets /v1/traces appended, ..._TRACES_ENDPOINT is used as it is)',
    },
  });
}
