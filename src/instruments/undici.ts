import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { besideAppSdk } from '../telemetry/app-globals';
import { isUntracedByApp } from '../telemetry/context';
import { isBackendOfLangSmith } from '../telemetry/other-tracers';
import { withholdTraceContext } from '../telemetry/propagator';
import { telemetry } from '../telemetry/telemetry';
import type { ExportRequest } from '../telemetry/traced-twice';
import { serverOf } from './genai/providers';
import { defineInstrument } from './kit/define';
import { noteHttpSpan } from './kit/http-spans';
import { isModelRequest } from './kit/model-requests';

const WHERE = 'the urllib3 instrument';

/** fetch and undici, by OpenTelemetry's instrumentation, which listens to undici's own channels. */
export const instrument = defineInstrument({
  id: 'urllib3',
  start(first) {
    const instrumentation = new UndiciInstrumentation({
      ignoreRequestHook(request) {
        if (!isUntracedByApp()) return isBackendOfLangSmith(request.origin);
        besideAppSdk(WHERE, ({ noteExport }) => noteExport(() => exportParts(request)));
        return true;
      },
      startSpanHook(request) {
        besideAppSdk(WHERE, ({ noteWhoTracesRequest }) => noteWhoTracesRequest());
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
  const names = pairsOf(headers).map(([name]) => name);
  const server = serverOf(origin);
  const request = { method: String(method), path: String(path), headerNames: names };
  if (server && isModelRequest({ ...server, ...request })) return true;
  return names.some((name) => name.toLowerCase() === 'traceparent');
}

/** undici 5 keeps one string, later ones a list of names and values in turn. */
function pairsOf(headers: unknown): [name: string, value: string][] {
  if (Array.isArray(headers)) {
    return headers.flatMap((name, at) => (at % 2 === 0 ? [[String(name), String(headers[at + 1])]] : []));
  }
  return String(headers)
    .split('\r\n')
    .map((line) => {
      const end = Math.max(0, line.indexOf(':'));
      return [line.slice(0, end), line.slice(end + 1).trim()];
    });
}

function exportParts({ origin, path, headers }: RequestParts): ExportRequest {
  const header = (wanted: string) => pairsOf(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return { origin: new URL(String(origin)).origin, path: String(path), header };
}
