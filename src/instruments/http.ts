import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import type { RequestOptions } from 'http';
import { syncBuiltinESMExports } from 'module';
import { builtin } from '../config/builtin';
import { isUntracedByApp } from '../telemetry/context';
import { withholdTraceContext } from '../telemetry/propagator';
import { telemetry } from '../telemetry/telemetry';
import { isModelServer } from './genai/providers';
import { defineInstrument } from './kit/define';
import { layerAbove } from './kit/layer';

/**
 * node:http and node:https, by OpenTelemetry's instrumentation, patched in place: CommonJS users see the very
 * module object, ES modules the synchronised exports.
 */
export const instrument = defineInstrument({
  id: 'requests',
  start() {
    const instrumentation = new HttpInstrumentation({
      // It would turn a header list into an object of its indices.
      ignoreOutgoingRequestHook: ({ headers }) => isUntracedByApp() || Array.isArray(headers),
      startOutgoingSpanHook(request) {
        withholdTraceContext(leavesAsItIs(request));
        return {};
      },
    });
    instrumentation.setTracerProvider(telemetry().provider);
    for (const { name, patch } of instrumentation.getModuleDefinitions()) {
      const module = builtin<Pick<typeof import('http'), 'Server'>>(name);
      layerAbove(module, ['request', 'get'], (client) => {
        layerAbove(module.Server.prototype, ['emit'], (server) => {
          patch?.(Object.assign(client, { Server: { prototype: server } }));
        });
      });
    }
    syncBuiltinESMExports();
  },
});

/** A model vendor gets nothing of ours, and a trace that the app passes on by itself stays the app's. */
function leavesAsItIs({ hostname, host, port, headers }: RequestOptions): boolean {
  if (isModelServer(hostname ?? host ?? '', Number(port))) return true;
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'traceparent');
}
