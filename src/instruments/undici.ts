import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { isUntracedByApp } from '../telemetry/context';
import { isBackendOfLangSmith } from '../telemetry/other-tracers';
import { withholdTraceContext } from '../telemetry/propagator';
import { telemetry } from '../telemetry/telemetry';
import { serverOf } from './genai/providers';
import { defineInstrument } from './kit/define';
import { noteHttpSpan } from './kit/http-spans';
import { isModelRequest } from './kit/model-requests';

/** fetch and undici, by OpenTelemetry's instrumentation, which listens to undici's own channels. */
export const instrument = defineInstrument({
  id: 'urllib3',
  start(first) {
    const instrumentation = new UndiciInstrumentation({
      ignoreRequestHook: ({ origin }) => isUntracedByApp() || isBackendOfLangSmith(origin),
      startSpanHook(request) {
        withholdTraceContext(leavesAsItIs(request));
        return {};
      },
      requestHook: (span, request) => noteHttpSpan(request, span),
    });
    instrumentation.setTracerProvider(telemetry().provider);
    // Subscribed too late for the message that woke us.
    if (first) (instrumentation as unknown as RequestListener).onRequestCreated(first.message);
  },
});

interface RequestListener {
  onRequestCreated(message: unknown): void;
}

type RequestParts = Record<'origin' | 'method' | 'path' | 'headers', unknown>;

/** A model vendor gets nothing of ours, and a trace that the app passes on by itself stays the app's. */
function leavesAsItIs({ origin, method, path, headers }: RequestParts): boolean {
  // undici 5 keeps one string, later ones a list of names and values in turn.
  const names = Array.isArray(headers)
    ? headers.filter((_, at) => at % 2 === 0).map(String)
    : String(headers)
        .split('\r\n')
        .map((line) => line.slice(0, Math.max(0, line.indexOf(':'))));
  const server = serverOf(origin);
  const request = { method: String(method), path: String(path), headerNames: names };
  if (server && isModelRequest({ ...server, ...request })) return true;
  return names.some((name) => name.toLowerCase() === 'traceparent');
}
