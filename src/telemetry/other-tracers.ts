import { isLogged, log } from '../config/log';
import { moduleCache } from '../config/module-cache';
import { appGlobals } from './app-globals';
import { hasSentry, isSuppressedBySentry, untracedBySentry } from './sentry';

/**
 * Tracers with a context of their own, beside OpenTelemetry's SDKs: how each is recognised, which sends its trace along
 * with the app's requests. None of them offers a way in, so what they keep in global places is looked at, read only.
 */
interface OtherTracer {
  title: string;
  isThere(): boolean;
  /** Whether it has spans for model calls as well. */
  tracesModels(): boolean;
}

const globals = globalThis as Record<symbol, unknown>;

interface NewRelicAgent {
  config?: { ai_monitoring?: { enabled?: boolean } };
}

/** New Relic's module keeps itself among what has been required. */
const newRelic = (): NewRelicAgent | undefined =>
  (moduleCache as Record<string, { agent?: NewRelicAgent } | undefined>).__NR_cache?.agent;

const ELASTIC = 'ElasticAPMAgentInitialized';

const OTHERS: OtherTracer[] = [
  {
    title: 'Datadog',
    isThere: () => Symbol.for('dd-trace') in globals && process.env.DD_TRACE_ENABLED !== 'false',
    tracesModels: () => true,
  },
  {
    title: 'New Relic',
    isThere: () => newRelic() !== undefined,
    tracesModels: () => newRelic()?.config?.ai_monitoring?.enabled === true,
  },
  {
    title: 'Elastic APM',
    isThere: () =>
      Object.getOwnPropertySymbols(globals).some((key) => key.description === ELASTIC && globals[key]),
    tracesModels: () => false,
  },
  { title: 'Sentry', isThere: hasSentry, tracesModels: () => true },
];

/** Whether one of them runs, which sends its trace along with the app's requests. */
export const hasOtherTracer = (): boolean => OTHERS.some((other) => other.isThere());

/** Instrumentations for model clients, by the folders of their packages. */
const MODEL_INSTRUMENTATIONS =
  /[\\/]node_modules[\\/](@(?:traceloop|arizeai|opentelemetry|elastic)[\\/](?:openinference-)?instrumentation-(?:openai|anthropic|bedrock|cohere|langchain|llamaindex|together|vertexai|google-generativeai)|@langfuse[\\/]openai|langsmith(?=[\\/]dist[\\/]wrappers))[\\/]/;

let isSaid = false;

/** A model call that another tracer has a span for as well: told once, where it is asked what goes on. */
export function sayWhoElseTraces(): void {
  if (isSaid) return;
  isSaid = true;
  if (!isLogged('DEBUG')) return;
  const others = [
    ...OTHERS.filter((other) => other.isThere() && other.tracesModels()).map(({ title }) => title),
    ...(appGlobals()?.trace ? instrumentationsLoaded() : []),
  ];
  if (others.length === 0) return;
  log.debug(
    `model calls are also traced by ${others.join(', ')}: each has its own spans for its own backend, and gets nothing of ours`,
  );
}

function instrumentationsLoaded(): string[] {
  const found = Object.keys(moduleCache).flatMap((file) => {
    const name = MODEL_INSTRUMENTATIONS.exec(file)?.[1];
    return name ? [name.replaceAll('\\', '/')] : [];
  });
  return [...new Set(found)].sort();
}

/** Datadog's, which all that runs inside can be kept out of. */
interface DatadogStorage {
  run<T>(store: { noop: true }, fn: () => T): T;
  getStore(): { noop?: boolean } | undefined;
}

const DATADOG_STORAGE = /[\\/]datadog-core[\\/]src[\\/]storage\.js$/;
let datadogStorage: DatadogStorage | false | undefined;

function datadog(): DatadogStorage | undefined {
  if (!(Symbol.for('dd-trace') in globals)) return undefined;
  datadogStorage ??= findDatadogStorage() ?? false;
  return datadogStorage || undefined;
}

function findDatadogStorage(): DatadogStorage | undefined {
  const file = Object.keys(moduleCache).find((name) => DATADOG_STORAGE.test(name));
  const exported = (file ? moduleCache[file]?.exports : undefined) as
    | { storage?: (name: string) => DatadogStorage }
    | undefined;
  const storage = exported?.storage?.('legacy');
  return typeof storage?.run === 'function' && typeof storage.getStore === 'function' ? storage : undefined;
}

/** Runs `fn` so that none of them sees anything of it. */
export function untracedByOthers<T>(fn: () => T): T {
  const storage = datadog();
  return untracedBySentry(() => (storage ? storage.run({ noop: true }, fn) : fn()));
}

/** Whether what runs now is the business of one of them, such as sending its spans. */
export function isSuppressedByOthers(): boolean {
  return isSuppressedBySentry() || datadog()?.getStore()?.noop === true;
}

/** Requests that no context tells of are known by their sender. */
const AGENTS = /^(newrelic-nodeagent|apm-agent-nodejs|elasticapm-node|langsmith-js)\b/i;

/** Where a cloud tells its machines who they are: tracers ask as they start. */
const METADATA = /^(169\.254\.\d+\.\d+|metadata\.google\.internal)$/;

export function isOfOtherTracer(userAgent: unknown, host: unknown): boolean {
  if (typeof userAgent === 'string' && AGENTS.test(userAgent)) return true;
  return typeof host === 'string' && METADATA.test(host) && hasOtherTracer();
}

/**
 * Where LangSmith's client sends its runs, from whatever the app is doing. Our instrument keeps it to itself where it sees
 * it load, which it does not in an ES module preload before ours.
 */
export function isBackendOfLangSmith(origin: unknown): boolean {
  const { LANGSMITH_ENDPOINT, LANGCHAIN_ENDPOINT } = process.env;
  const endpoint = LANGSMITH_ENDPOINT ?? LANGCHAIN_ENDPOINT ?? 'https://api.smith.langchain.com';
  return typeof origin === 'string' && URL.canParse(endpoint) && new URL(endpoint).origin === origin;
}
