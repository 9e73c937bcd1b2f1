/** A chunk of its own: only http/protobuf needs it. */
export { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
