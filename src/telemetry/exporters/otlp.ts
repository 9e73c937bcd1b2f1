import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { environment } from '../../config/environment';
import { log } from '../../config/log';
import type { Config } from '../../config/resolve';
import { JsonTraceSerializer } from '../../vendor/otlp-transformer';
import { OtlpOverHttpExporter } from './otlp-over-http';

const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'];

/** Any OTLP backend, set up by the standard OTEL_EXPORTER_OTLP_* variables; RESPAN_HEADERS come on top. */
export function createExporter(config: Config): SpanExporter {
  const protocol = requestedProtocol();
  if (protocol === 'grpc') {
    const grpc = require('./otlp-grpc') as typeof import('./otlp-grpc');
    return grpc.createExporter(config);
  }
  const options = convertLegacyHttpOptions({ headers: config.headers }, 'TRACES', 'v1/traces', {});
  const json = protocol === 'http/json';
  const serializer = json
    ? JsonTraceSerializer
    : (require('./otlp-protobuf') as typeof import('./otlp-protobuf')).ProtobufTraceSerializer;
  return new OtlpOverHttpExporter({
    title: 'the OTLP endpoint',
    serializer: serializer as never,
    contentType: json ? 'application/json' : 'application/x-protobuf',
    target: {
      url: options.url,
      headers: options.headers,
      compression: options.compression,
      timeoutMillis: options.timeoutMillis,
      agent: options.agentFactory as never,
    },
    hints: {
      401: 'check OTEL_EXPORTER_OTLP_HEADERS',
      403: 'check OTEL_EXPORTER_OTLP_HEADERS',
      404: 'check OTEL_EXPORTER_OTLP_ENDPOINT (it gets /v1/traces appended, ..._TRACES_ENDPOINT is used as it is)',
    },
  });
}

function requestedProtocol(): string {
  for (const name of ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL']) {
    const value = environment.get(name)?.trim();
    if (value === undefined) continue;
    if (PROTOCOLS.includes(value)) return value;
    log.once(
      'warn',
      `${name}=${JSON.stringify(value)} is not valid (expected ${PROTOCOLS.join(', ')}); using http/protobuf`,
    );
  }
  return 'http/protobuf';
}
