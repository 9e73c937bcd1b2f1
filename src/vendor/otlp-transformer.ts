export { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
