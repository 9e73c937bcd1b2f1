import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import type { RequestOptions } from 'http';
import { syncBuiltinESMExports } from 'module';
import { withholdTraceContext } from '../telemetry/propagator';
import { telemetry } from '../telemetry/telemetry';
import { isModelServer } from './genai/providers';
import { defineInstrument } from './kit/define';

/**
 * node:http and node:https, by OpenTelemetry's instrumentation, patched in place: CommonJS users see the very
 * module object, ES modules the synchronised exports.
 */
export const instrument = defineInstrument({
  id: 'requests',
  start() {
    const instrumentation = new HttpInstrumentation({
      // It would turn a header list into an object of its indices.
      ignoreOutgoingRequestHook: ({ headers }) => Array.isArray(headers),
      startOutgoingSpanHook(request) {
        withholdTraceContext(leavesAsItIs(request));
        return {};
      },
    });
    instrumentation.setTracerProvider(telemetry().provider);
    for (const { name, patch } of instrumentation.getModuleDefinitions()) {
      const module = require(name) as HttpModule;
      const { request, get, Server } = module;
      const { emit } = Server.prototype;
      patch?.(module);
      disguise(module.request, request);
      disguise(module.get, get);
      disguise(Server.prototype.emit, emit);
    }
    syncBuiltinESMExports();
  },
});

type HttpModule = Pick<typeof import('http'), 'request' | 'get' | 'Server'>;

/** A model vendor gets nothing of ours, and a trace that the app passes on by itself stays the app's. */
function leavesAsItIs({ hostname, host, port, headers }: RequestOptions): boolean {
  if (isModelServer(hostname ?? host ?? '', Number(port))) return true;
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'traceparent');
}

/**
 * Name and length of the original, and none of the marks by which other tracers recognise a wrapper of
 * OpenTelemetry's: they would warn of it, or unwrap it.
 */
function disguise(replacement: object, original: object): void {
  if (replacement === original) return;
  for (const mark of ['__original', '__unwrap', '__wrapped']) Reflect.deleteProperty(replacement, mark);
  Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
}
