declare const __VERSION__: string;

/** The version of this package. */
export const version: string = __VERSION__;

export {
  getClient,
  propagateAttributes,
  type RespanClient,
  type SpanUpdate,
} from './client/client';
export {
  agent,
  task,
  tool,
  withAgent,
  withTask,
  withTool,
  withWorkflow,
  workflow,
} from './client/entities';
export type {
  ClassEntityDecorator,
  ClassEntityOptions,
  EntityDecorator,
  EntityFunction,
  EntityOptions,
  ProcessorOptions,
  WithEntity,
} from './client/entity-types';
export { ConsoleSpanExporter, FileSpanExporter, RespanSpanExporter } from './client/exporters';
export { flush } from './client/flush';
export { type Instrument, Instruments } from './client/instruments';
export type {
  ExportResult,
  ReadableSpan,
  SpanAttributes,
  SpanExporter,
  SpanProcessor,
} from './client/otel-types';
export type { RespanParams } from './client/params';
export { RespanTelemetry, type RespanTelemetryOptions } from './client/respan-telemetry';
export type { BufferedSpanOptions, SpanBuffer } from './client/span-buffer';
export { type InstrumentationStatus, instrumentationStatus } from './client/status';
