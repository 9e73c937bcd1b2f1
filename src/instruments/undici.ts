import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { isUntracedByApp } from '../telemetry/context';
import { withholdTraceContext } from '../telemetry/propagator';
import { telemetry } from '../telemetry/telemetry';
import { isModelServer, isVectorStoreVendor, serverOf } from './genai/providers';
import { defineInstrument } from './kit/define';

/** fetch and undici, by OpenTelemetry's instrumentation, which listens to undici's own channels. */
export const instrument = defineInstrument({
  id: 'urllib3',
  start(first) {
    const instrumentation = new UndiciInstrumentation({
      ignoreRequestHook: isUntracedByApp,
      startSpanHook(request) {
        withholdTraceContext(leavesAsItIs(request));
        return {};
      },
    });
    instrumentation.setTracerProvider(telemetry().provider);
    // Subscribed too late for the message that woke us.
    if (first) (instrumentation as unknown as RequestListener).onRequestCreated(first.message);
  },
});

interface RequestListener {
  onRequestCreated(message: unknown): void;
}

/** A vendor of models or of a vector store gets nothing of ours, and a trace that the app passes on by itself stays the app's. */
function leavesAsItIs({ origin, headers }: { origin: unknown; headers: unknown }): boolean {
  const server = serverOf(origin);
  if (server && (isModelServer(server.address, server.port) || isVectorStoreVendor(server.address)))
    return true;
  // undici 5 keeps one string, later ones a list of names and values in turn.
  const names = Array.isArray(headers)
    ? headers.filter((_, at) => at % 2 === 0)
    : String(headers).split('\r\n');
  return names.some((name) => /^traceparent(:|$)/i.test(String(name)));
}
