import { isTracingSuppressed } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { log } from '../config/log';
import type { Config } from '../config/resolve';
import { type Context, context, type Span, trace } from './api';
import { appGlobals } from './app-globals';
import { isLeftToAppSdk } from './destinations';
import { callInProgress } from './model-call-context';
import { telemetry } from './telemetry';

/**
 * An SDK of the app's that sends its spans to where ours go, and traces the same calls: there each is told of twice, and its
 * tokens are counted twice. Both are seen and not guessed: the requests of its exports, and its span around a request
 * that we have a span around as well. Tracers with a backend of their own work beside us by design; nothing is said of them.
 */
type SdkSpan = Span & Partial<ReadableSpan> & { instrumentationLibrary?: { name?: string } };

/** By our instrument, who else traces its calls. */
const twice = new Map<string, string>();
let isSaid = false;

/** Where an HTTP request of the app's is about to be sent, in its context. */
export function noteWhoTracesRequest(): void {
  if (isSaid) return;
  const active = appGlobals()?.context?.active() as Context | undefined;
  const theirs = active && (trace.getSpan(active) as SdkSpan | undefined);
  const scope = theirs && scopeOf(theirs);
  if (!scope || !theirs.isRecording()) return;
  const ours = trace.getSpan(context.active()) as SdkSpan | undefined;
  if (ours === theirs || !ours?.isRecording()) return;
  const call = callInProgress(context.active());
  if (call && isModelCall(theirs)) twice.set(call.id, scope);
  else if (isSameSpan(ours, theirs)) twice.set(instrumentOf(scopeOf(ours)!), scope);
}

/** Of OpenTelemetry's instrumentations, which both have; what is Express's for us is its router's for them. */
function isSameSpan(ours: SdkSpan, theirs: SdkSpan): boolean {
  const scopes = [scopeOf(ours), scopeOf(theirs)];
  if (!scopes.every((scope) => scope?.startsWith('@opentelemetry/instrumentation-'))) return false;
  return scopes[0] === scopes[1] || ours.name === theirs.name;
}

const scopeOf = ({ instrumentationScope, instrumentationLibrary }: SdkSpan): string | undefined =>
  (instrumentationScope ?? instrumentationLibrary)?.name;

/** As OpenTelemetry, OpenLLMetry and OpenInference tell of one; spans of agents may name a model as well. */
function isModelCall({ attributes = {} }: SdkSpan): boolean {
  const { 'gen_ai.operation.name': operation, 'openinference.span.kind': kind } = attributes;
  if (/agent|tool|workflow/.test(String(operation))) return false;
  if (kind !== undefined && kind !== 'LLM' && kind !== 'EMBEDDING') return false;
  return ['gen_ai.request.model', 'llm.model_name', 'embedding.model_name'].some(
    (name) => name in attributes,
  );
}

const INSTRUMENTS: Record<string, string> = { http: 'requests', undici: 'urllib3' };

/** OpenTelemetry's own, the same as ours. */
function instrumentOf(scope: string): string {
  const name = scope.replace(/^.*instrumentation-/, '');
  return INSTRUMENTS[name] ?? name.replace(/[-.]/g, '_');
}

export interface ExportRequest {
  origin: string;
  path: string;
  header(name: string): unknown;
}

/** A request that the app's tracer keeps out of its traces, and which is none of ours: likely an export. */
export function noteExport(read: () => ExportRequest): void {
  if (isSaid || twice.size === 0 || isTracingSuppressed(context.active())) return;
  const request = read();
  if (!/\/traces\/?$/.test(request.path)) return;
  const place = placesOf(telemetry().config).find((one) => isSamePlace(one, request));
  if (!place) return;
  isSaid = true;
  const ids = [...twice.keys()];
  log.warn(
    `${ids.join(', ')}: each call is there twice in ${new URL(place.url).origin}, by respan and by ${[...new Set(twice.values())].join(', ')} of the app's OpenTelemetry SDK, which exports there as well. Take one of both out, for example with RESPAN_BLOCK_INSTRUMENTS=${ids.join(',')}`,
  );
}

interface Place {
  url: string;
  headers: Readonly<Record<string, string>>;
}

function placesOf(config: Config): Place[] {
  const places: Place[] = [];
  if (config.exporters.includes('respan')) {
    const headers = { Authorization: `Bearer ${config.apiKey}`, ...config.headers };
    places.push({ url: config.baseUrl, headers });
  }
  if (config.exporters.includes('otlp') && !isLeftToAppSdk(config)) {
    const { otlpTarget } = require('./exporters/otlp-target') as typeof import('./exporters/otlp-target');
    places.push(otlpTarget(config));
  }
  return places;
}

/** One host may serve many: whoever comes with another key is elsewhere. */
function isSamePlace({ url, headers }: Place, request: ExportRequest): boolean {
  if (new URL(url).origin !== request.origin) return false;
  return Object.entries(headers).every(([name, value]) => {
    const theirs = request.header(name.toLowerCase());
    return theirs === undefined || String(theirs) === value;
  });
}
