export {
  InMemorySpanExporter,
  type InMemoryTelemetry,
  traceInMemory,
} from './client/in-memory';
