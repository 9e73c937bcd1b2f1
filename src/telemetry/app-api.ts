import { safely } from '../config/safely';
import { selectRows } from '../loader/select';
import {
  type Context,
  type ContextManager,
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
import { contextManager } from './context';
import { telemetry } from './telemetry';

/**
 * The bridge to the app's own copies of `@opentelemetry/api`. Where the app has no OpenTelemetry SDK, our
 * provider and context are offered as its globals, through its own copy, so that spans it makes by hand are in
 * the same trace. As soon as it registers anything of its own, ours are withdrawn first: a registration is
 * refused where a global is set or was set by a copy of another version (API 1.0 to 1.10 compare exactly).
 */
interface AppApi {
  trace?: Registry & { getTracer?: TracerProvider['getTracer'] };
  context?: Registry;
  propagation?: Registry;
  metrics?: Registry;
  diag?: Registry;
  logs?: Registry;
}
type Registry = Record<string, ((...args: never[]) => unknown) | undefined> | undefined;

/** Every way in which an app registers something with the API. */
const REGISTRATIONS: [part: keyof AppApi, method: string][] = [
  ['trace', 'setGlobalTracerProvider'],
  ['context', 'setGlobalContextManager'],
  ['propagation', 'setGlobalPropagator'],
  ['metrics', 'setGlobalMeterProvider'],
  ['diag', 'setLogger'],
  ['logs', 'setGlobalLoggerProvider'],
];

const API_GLOBAL = Symbol.for('opentelemetry.js.api.1');
interface ApiGlobal {
  version?: string;
  trace?: unknown;
  context?: unknown;
}
const globals = globalThis as Record<symbol, ApiGlobal | undefined>;

/** Set for good once the app has an SDK of its own. */
let appHasSdk = false;
/** What of the API's global object is ours at the moment. */
let offered: { trace: unknown; context: unknown } | undefined;

/** Called with each copy of the API as it is loaded. */
export function shareWithApp(exports: Record<string, unknown>, version: string | undefined): void {
  const api = exports as AppApi;
  for (const [part, method] of REGISTRATIONS) yieldBefore(api, part, method);
  if (appHasSdk) return;
  const existing = globals[API_GLOBAL];
  if (existing?.trace && existing.trace !== offered?.trace) {
    appHasSdk = true;
    return;
  }
  if (!offered) offer(api);
  else if (version && existing) raiseVersion(existing, version);
}

/** Registers our provider and context through the app's copy, exactly as the app would register its own. */
function offer(api: AppApi): void {
  const { trace, context } = api;
  if (!trace?.setGlobalTracerProvider || !context?.setGlobalContextManager) return;
  yielding = true;
  try {
    const provider: TracerProvider = new OfferedProvider(api);
    (trace.setGlobalTracerProvider as (provider: TracerProvider) => unknown)(provider);
    (context.setGlobalContextManager as (manager: ContextManager) => unknown)(contextManager);
  } finally {
    yielding = false;
  }
  const registered = globals[API_GLOBAL];
  offered = { trace: registered?.trace, context: registered?.context };
}

/**
 * For instruments that see a tracer provider of the app's which no registration told of (an option of a
 * client): with ours out of the way its spans get the parents they would have without us, and ours too.
 */
export function giveWay(): void {
  if (appHasSdk) return;
  appHasSdk = true;
  withdraw();
}

function withdraw(): void {
  const registered = globals[API_GLOBAL];
  if (!registered || !offered) return;
  if (registered.trace === offered.trace) delete registered.trace;
  if (registered.context === offered.context) delete registered.context;
  offered = undefined;
  // Without anything of anybody's in it, the object would still pin the version of the copy that made it.
  if (Object.keys(registered).every((key) => key === 'version')) delete globals[API_GLOBAL];
}

let yielding = false;

function yieldBefore(api: AppApi, part: keyof AppApi, method: string): void {
  const registry = api[part];
  const original = registry?.[method];
  if (!registry || typeof original !== 'function') return;
  registry[method] = function (this: unknown, ...args: never[]) {
    if (yielding) return original.apply(this, args);
    safely('the OpenTelemetry API bridge', withdraw);
    const result = original.apply(this, args);
    safely('the OpenTelemetry API bridge', () => {
      // A logger, a propagator or metrics are no tracing SDK: ours may stay, in the version just registered.
      if (part === 'trace' || part === 'context') appHasSdk = true;
      else if (!appHasSdk) offer(api);
    });
    return result;
  };
}

/** A copy reads globals of its own or a higher minor version: the highest copy decides. */
function raiseVersion(registered: ApiGlobal, version: string): void {
  const isOursAlone = Object.keys(registered).every((key) => ['version', 'trace', 'context'].includes(key));
  const minor = (text: string | undefined) => Number(text?.split('.')[1] ?? 0);
  if (isOursAlone && minor(version) > minor(registered.version)) registered.version = version;
}

/** The provider the app's API sees. Tracers taken from it early follow a later SDK of the app's. */
class OfferedProvider implements TracerProvider {
  readonly #api: AppApi;

  constructor(api: AppApi) {
    this.#api = api;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    return new OfferedTracer(this.#api, name, version, options);
  }
}

class OfferedTracer implements Tracer {
  readonly #api: AppApi;
  readonly #scope: [name: string, version?: string, options?: TracerOptions];

  constructor(api: AppApi, ...scope: [name: string, version?: string, options?: TracerOptions]) {
    this.#api = api;
    this.#scope = scope;
  }

  startSpan(name: string, options?: SpanOptions, context?: Context): Span {
    const app = this.#appTracer();
    if (app) return app.startSpan(name, options, context);
    const parent = context ?? ownContext.active();
    if (isSuperseded(this.#scope[0], options)) return withoutSpan(options, parent);
    return telemetry()
      .provider.getTracer(...this.#scope)
      .startSpan(name, options, parent);
  }

  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
  ): ReturnType<F> {
    const app = this.#appTracer();
    if (app) return (app.startActiveSpan as (...args: unknown[]) => ReturnType<F>)(name, ...rest);
    const fn = rest[rest.length - 1] as (span: Span) => ReturnType<F>;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : undefined;
    const parent = rest.length > 2 ? (rest[1] as Context) : ownContext.active();
    const span = this.startSpan(name, options, parent);
    return ownContext.with(ownTrace.setSpan(parent, span), fn, undefined, span);
  }

  /** The tracer of the SDK that took our place, if one did. */
  #appTracer(): Tracer | undefined {
    if (!appHasSdk) return undefined;
    return this.#api.trace?.getTracer?.(...this.#scope);
  }
}

/** Scopes in which a library traces itself, and the instrument of ours that does it more fully. */
const SUPERSEDED: [scope: string, instrument: string][] = [['com.anthropic.sdk.typescript', 'anthropic']];

/**
 * The library's own spans of its requests are never taken: a model call has ours, and a span that records makes
 * the SDK build its headers anew, so that the request is another one on the wire. Its other spans (the run of a
 * tool) are, unless the instrument is switched off.
 */
function isSuperseded(scope: string, options: SpanOptions | undefined): boolean {
  const superseded = SUPERSEDED.find(([name]) => scope === name || scope.startsWith(`${name}.`));
  return superseded !== undefined && (options?.kind === SpanKind.CLIENT || !isSelected(superseded[1]));
}

function isSelected(instrument: string): boolean {
  return selectRows(telemetry().config).rows.some(({ id }) => id === instrument);
}

/** What the library gets instead: for a request nothing at all, for the rest what keeps the trace together. */
function withoutSpan(options: SpanOptions | undefined, parent: Context): Span {
  const around = options?.kind === SpanKind.CLIENT ? undefined : ownTrace.getSpanContext(parent);
  return ownTrace.wrapSpanContext(around ?? INVALID_SPAN_CONTEXT);
}
