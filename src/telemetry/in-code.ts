import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { log } from '../config/log';
import { safely } from '../config/safely';
import type { ProcessorOptions } from './added-processor';
import { context, createContextKey, type Span, SpanStatusCode, type Tracer, trace } from './api';
import { contextManager } from './context';
import { runEntity } from './entity';
import { withInherited } from './inherited';
import { readableAttributes } from './readable-attributes';
import { classOfError, recordError } from './record-error';
import { attributesOfParams } from './respan-params';
import { SpanBuffer } from './span-buffer';
import { telemetry } from './telemetry';
import { warnOfUnknown } from './unknown-options';

declare const __VERSION__: string;

/**
 * What code that imports the package can do, as one object: every copy of the package in a process uses the one of the
 * copy that runs. Nothing here throws, apart from what the app's own functions throw.
 */

/** The scope of spans made by hand. */
const SCOPE = 'respan';

const SPAN_UPDATE = ['name', 'attributes', 'status', 'statusDescription', 'respanParams'];

export interface SpanUpdate {
  name?: string;
  attributes?: object;
  status?: 'OK' | 'ERROR' | 'UNSET' | SpanStatusCode;
  statusDescription?: string;
  respanParams?: object;
}

function activeSpan(): Span | undefined {
  return trace.getSpan(context.active());
}

function recordingSpan(what: string): Span | undefined {
  const span = activeSpan();
  if (span?.isRecording()) return span;
  log.debug(`${what}: there is no span in progress`);
  return undefined;
}

const valueKey = (key: string) => createContextKey(`respan: value of ${key}`);

export const inCode = {
  runEntity,

  /** In our words, on our channel. */
  warn: (message: string): void => log.once('warn', message),

  isActive: (): boolean => safely('isActive', () => telemetry().isActive()) === true,

  activeSpanContext: () => safely('the current span', () => activeSpan()?.spanContext()),

  isRecording: (): boolean => safely('isRecording', () => activeSpan()?.isRecording()) === true,

  getTracer: (name = SCOPE, version = __VERSION__): Tracer | undefined =>
    safely('getTracer', () => telemetry().provider.getTracer(name, version)),

  updateCurrentSpan(update: SpanUpdate): void {
    safely('updateCurrentSpan', () => {
      const span = recordingSpan('updateCurrentSpan');
      if (!span || typeof update !== 'object' || update === null) return;
      warnOfUnknown('updateCurrentSpan', update, SPAN_UPDATE);
      const { name, attributes, status, statusDescription, respanParams } = update;
      if (typeof name === 'string' && name !== '') span.updateName(name);
      if (respanParams) span.setAttributes(attributesOfParams(respanParams));
      if (attributes) span.setAttributes(readableAttributes(attributes));
      const code = statusCode(status);
      if (code !== undefined) span.setStatus({ code, message: statusDescription });
    });
  },

  addEvent(name: string, attributes?: object): void {
    safely('addEvent', () => recordingSpan('addEvent')?.addEvent(name, readableAttributes(attributes)));
  },

  recordException(error: unknown, attributes?: object): void {
    safely('recordException', () => {
      const span = recordingSpan('recordException');
      if (!span) return;
      recordError(span, error, { type: classOfError(error), content: true });
      if (attributes) span.setAttributes(readableAttributes(attributes));
    });
  },

  getContextValue: (key: string): unknown =>
    safely('getContextValue', () => context.active().getValue(valueKey(key))),

  setContextValue(key: string, value: unknown): boolean {
    return (
      safely('setContextValue', () => {
        contextManager.attach(context.active().setValue(valueKey(key), value));
        return true;
      }) === true
    );
  },

  propagateAttributes<T>(params: object, fn: () => T): T {
    const attributes = safely('propagateAttributes', () => attributesOfParams(params)) ?? {};
    const inherited = attributes as Parameters<typeof withInherited>[1];
    return context.with(withInherited(context.active(), inherited), fn);
  },

  createBuffer: (traceId: string): SpanBuffer | undefined =>
    safely('getSpanBuffer', () => {
      if (typeof traceId !== 'string' || traceId === '') {
        log.once(
          'warn',
          `getSpanBuffer: the trace id has to be text, not ${JSON.stringify(traceId) ?? typeof traceId}`,
        );
      }
      return new SpanBuffer(String(traceId), () => telemetry().provider.getTracer(SCOPE, __VERSION__));
    }),

  async processSpans(spans: unknown): Promise<boolean> {
    try {
      const list = spans instanceof SpanBuffer ? spans.getAllSpans() : spans;
      if (!Array.isArray(list) || !list.every(isSpan)) {
        log.once('warn', 'processSpans takes a span buffer or a list of spans');
        return false;
      }
      return await telemetry().processSpans(list);
    } catch (error) {
      safely('processSpans', () => {
        throw error;
      });
      return false;
    }
  },

  addProcessor(options: ProcessorOptions): void {
    safely('addProcessor', () => {
      if (!isProcessorOptions(options)) {
        log.once(
          'warn',
          'addProcessor takes { exporter } or { processor }; there is none, so nothing is added',
        );
        return;
      }
      warnOfUnknown('addProcessor', options, [
        'exporter',
        'processor',
        'name',
        'filter',
        'isBatchingEnabled',
      ]);
      telemetry().addProcessor(options);
    });
  },

  async flush(): Promise<void> {
    await safely('flush', () => telemetry().flush());
  },

  async shutdown(): Promise<void> {
    await safely('shutdown', () => telemetry().shutdown());
  },

  removeProcessors(): void {
    safely('removeProcessors', () => telemetry().removeProcessors());
  },
};

export type InCode = typeof inCode;

function statusCode(status: SpanUpdate['status']): SpanStatusCode | undefined {
  if (status === undefined) return undefined;
  const code = typeof status === 'number' ? status : SpanStatusCode[String(status).toUpperCase() as 'OK'];
  if (code === undefined || SpanStatusCode[code] === undefined) {
    log.once('warn', `updateCurrentSpan: status is OK or ERROR, not ${JSON.stringify(status)}`);
    return undefined;
  }
  return code;
}

function isSpan(value: unknown): value is ReadableSpan {
  const { name, spanContext } = (value ?? {}) as Partial<ReadableSpan>;
  return typeof name === 'string' && typeof spanContext === 'function';
}

function isProcessorOptions(value: unknown): value is ProcessorOptions {
  const { exporter, processor } = (value ?? {}) as ProcessorOptions;
  return typeof exporter?.export === 'function' || typeof processor?.onEnd === 'function';
}
