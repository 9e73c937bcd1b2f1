import { log } from '../config/log';
import { safely } from '../config/safely';
import { shared } from '../config/shared';
import {
  type Context,
  INVALID_SPAN_CONTEXT,
  context as ownContext,
  trace as ownTrace,
  type Span,
  SpanKind,
  type SpanOptions,
  type Tracer,
  type TracerOptions,
  type TracerProvider,
} from './api';
import { appGlobals } from './app-globals';
import { contextManager } from './context';
import { standIn } from './follow';
import { frameworkCallIn } from './framework-call-context';
import { entityIn } from './inherited';
import { OfferedSpan } from './offered-span';
import { telemetry } from './telemetry';

/**
 * The bridge to the app's own copies of `@opentelemetry/api`. Where the app has no OpenTelemetry SDK, spans it
 * makes by hand are in the same trace as ours. Nothing is registered for it: the API's global is pinned to the
 * exact version of whoever registers first (1.0 to 1.10 alike), so each copy is lent our provider and context
 * as what it falls back to while nobody has registered anything. What the app registers then takes their place
 * by itself, returns what it always returns, and ours do not come back.
 */
interface AppApi {
  trace?: { getTracerProvider?(): FallbackProvider };
  context?: Record<string, unknown>;
}

/** The API's ProxyTracerProvider: one per copy, asked when no global provider is registered. */
interface FallbackProvider extends TracerProvider {
  getDelegate(): TracerProvider;
  setDelegate(provider: TracerProvider | undefined): void;
}

type AnyFunction = (...args: unknown[]) => unknown;

/** How to take back what each copy was lent. */
const lent: (() => void)[] = [];

/** Set for good once the app has an SDK of its own. */
let steppedAside = false;

/** Called with each copy of the API as it is loaded. */
export function shareWithApp({ trace, context }: AppApi): void {
  if (appHasSdk()) return;
  const fallback = trace?.getTracerProvider?.();
  if (!context || typeof fallback?.setDelegate !== 'function') return;
  const ours = new OfferedProvider(fallback);
  fallback.setDelegate(ours);
  lent.push(() => {
    if (fallback.getDelegate() === ours) fallback.setDelegate(undefined);
  });
  for (const method of ['active', 'with', 'bind', 'attach'] as const) lendContext(context, method);
}

/** From its first registration on, the app's SDK is alone with the app's API. */
function appHasSdk(): boolean {
  if (steppedAside) return true;
  const { trace, context } = appGlobals() ?? {};
  if (!trace && !context) return false;
  giveWay();
  return true;
}

/**
 * Also for instruments that see a tracer provider of the app's which no registration told of (an option of a
 * client): with ours out of the way its spans get the parents they would have without us, and ours too.
 */
export function giveWay(): void {
  steppedAside = true;
  for (const takeBack of lent.splice(0)) safely('the OpenTelemetry API bridge', takeBack);
}

function lendContext(api: Record<string, unknown>, method: 'active' | 'with' | 'bind' | 'attach'): void {
  const original = api[method];
  if (typeof original !== 'function') return;
  const replacement = standIn(original as AnyFunction, (_, self, args) =>
    appHasSdk()
      ? original.apply(self, args)
      : (contextManager[method] as AnyFunction).apply(contextManager, args),
  );
  // Where the copy has it: on the prototype of its one context.
  const place = ownerOf(api, method);
  const before = Object.getOwnPropertyDescriptor(place, method)!;
  const { enumerable, configurable } = before;
  Object.defineProperty(place, method, { enumerable, configurable, writable: true, value: replacement });
  lent.push(() => {
    if (place[method] === replacement) Object.defineProperty(place, method, before);
  });
}

function ownerOf(object: Record<string, unknown>, name: string): Record<string, unknown> {
  let place = object;
  while (!Object.hasOwn(place, name)) place = Object.getPrototypeOf(place) as Record<string, unknown>;
  return place;
}

class OfferedProvider implements TracerProvider {
  readonly #fallback: FallbackProvider;

  constructor(fallback: FallbackProvider) {
    this.#fallback = fallback;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    // What the copy gives without us: a tracer that does nothing until an SDK is registered, and follows it.
    this.#fallback.setDelegate(undefined);
    const natural = this.#fallback.getTracer(name, version, options);
    if (appHasSdk()) return natural;
    this.#fallback.setDelegate(this);
    return new OfferedTracer(natural, name, version, options);
  }
}

class OfferedTracer implements Tracer {
  readonly #natural: Tracer;
  readonly #scope: [name: string, version?: string, options?: TracerOptions];

  constructor(natural: Tracer, ...scope: [name: string, version?: string, options?: TracerOptions]) {
    this.#natural = natural;
    this.#scope = scope;
  }

  startSpan(name: string, options?: SpanOptions, context?: Context): Span {
    if (appHasSdk()) return this.#natural.startSpan(name, options, context);
    const parent = context ?? ownContext.active();
    const superseded = supersededIn(this.#scope[0], name, options, parent);
    if (superseded) return withoutSpan(options, parent, superseded);
    const span = telemetry()
      .provider.getTracer(...this.#scope)
      .startSpan(name, options, parent);
    return new OfferedSpan(span, appHasSdk);
  }

  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
  ): ReturnType<F> {
    if (appHasSdk()) {
      return (this.#natural.startActiveSpan as (...args: unknown[]) => ReturnType<F>)(name, ...rest);
    }
    const fn = rest[rest.length - 1] as (span: Span) => ReturnType<F>;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : undefined;
    const parent = (rest.length > 2 ? (rest[1] as Context | undefined) : undefined) ?? ownContext.active();
    const span = this.startSpan(name, options, parent);
    return ownContext.with(ownTrace.setSpan(parent, span), fn, undefined, span);
  }
}

/** Scopes in which a library traces itself, and the instrument of ours that does it more fully. */
interface Superseded {
  scope: string;
  instrument: string;
  all?: boolean;
  /** Of the library's spans, where an app may well have a tracer by that name. */
  names?: RegExp;
  /** Only inside a call that we trace. */
  inside?: boolean;
  /** Around calls that we trace inside of it: what runs in it is a child of what is around both. */
  isAround?: boolean;
  /** Spans it has kept become the active ones again, far from where they were: what runs inside is our entity's. */
  activatesSpans?: boolean;
}
/** Libraries by the names that instrumentations of others have for them. */
const INSTRUMENTATIONS = [
  '@traceloop/instrumentation-',
  '@arizeai/openinference-instrumentation-',
  '@opentelemetry/instrumentation-',
];
const LIBRARIES: Record<string, string> = {
  openai: 'openai',
  anthropic: 'anthropic',
  bedrock: 'bedrock',
  cohere: 'cohere',
  chromadb: 'chroma',
  'google-generativeai': 'google_generativeai',
  pinecone: 'pinecone',
  qdrant: 'qdrant',
  together: 'together',
  vertexai: 'vertexai',
};

const SUPERSEDED: Superseded[] = [
  { scope: 'com.anthropic.sdk.typescript', instrument: 'anthropic' },
  // One span a request, of no kind, and one for each thing in an answer: ours has them all.
  { scope: 'mistralai_sdk_tracer', instrument: 'mistral', all: true },
  // The AI SDK's, where a call says `isEnabled: true`.
  { scope: 'ai', instrument: 'vercel_ai', names: /^ai\.[a-z]+([A-Z]\w*)?(\.do[A-Z]\w*)?$/, inside: true },
  // Before 1.0 every method of Mastra's, whether anybody wants telemetry or not.
  {
    scope: 'default-tracer',
    instrument: 'mastra',
    names: /^(agent|mastra|workflow|workflow-step|tool|voice|tts|llm)\.\w+$/,
    activatesSpans: true,
  },
  {
    scope: 'default-service',
    instrument: 'mastra',
    names: /^workflow\..+\.(execute|step\..+)$/,
    activatesSpans: true,
  },
  // Instrumentations that an app uses without an SDK: one call is one span.
  ...Object.entries(LIBRARIES).flatMap(([library, instrument]) =>
    INSTRUMENTATIONS.map((prefix) => ({ scope: `${prefix}${library}`, instrument, isAround: true })),
  ),
];

/**
 * The library's own spans of its requests are never taken: a model call has ours, and a span that records makes
 * the SDK build its headers anew, so that the request is another one on the wire. Its other spans (the run of a
 * tool) are, unless the instrument is switched off.
 */
function supersededIn(
  scope: string,
  spanName: string,
  options: SpanOptions | undefined,
  parent: Context,
): Superseded | undefined {
  return SUPERSEDED.find(
    (one) =>
      (scope === one.scope || scope.startsWith(`${one.scope}.`)) &&
      isSuperseded(one, spanName, options, parent),
  );
}

function isSuperseded(
  superseded: Superseded,
  spanName: string,
  options: SpanOptions | undefined,
  parent: Context,
): boolean {
  const { names, instrument, inside, isAround } = superseded;
  if (isAround) return isSelected(instrument);
  if (names && !names.test(spanName)) return false;
  if (inside) return frameworkCallIn(parent)?.id === instrument;
  if (names) return isSelected(instrument);
  return superseded.all || options?.kind === SpanKind.CLIENT || !isSelected(superseded.instrument);
}

function isSelected(instrument: string): boolean {
  return shared()?.instruments?.includes(instrument) ?? true;
}

/** What the library gets instead: for a request nothing at all, for the rest what keeps the trace together. */
function withoutSpan(
  options: SpanOptions | undefined,
  parent: Context,
  { activatesSpans, isAround, scope }: Superseded,
): Span {
  if (isAround) log.once('debug', `spans of ${scope} are left out: respan traces the same calls`);
  const active = ownTrace.getSpanContext(parent);
  const inside = activatesSpans ? (entityIn(parent) ?? active) : active;
  const around = options?.kind === SpanKind.CLIENT && !isAround ? undefined : inside;
  return ownTrace.wrapSpanContext(around ?? INVALID_SPAN_CONTEXT);
}
