export * from '@opentelemetry/instrumentation';
