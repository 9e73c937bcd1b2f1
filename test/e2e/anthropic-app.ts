import { sdksToRun } from '../harness/app-folder';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { root } from '../harness/paths';
import { placeApp } from '../harness/place-app';
import { type AppRun, type RunOptions, runApp } from '../harness/run-app';
import { type ReceivedRequest, startAnthropicServer } from './anthropic-server';

export const SDKS = sdksToRun(['0.68', '0.133', '0.137', '1'].map((version) => `anthropic-${version}`)).map(
  (sdk) => sdk.replace('anthropic-', ''),
);

export interface TableRun extends AppRun {
  requests: ReceivedRequest[];
  spans: CollectedSpan[];
  /** Everything the collector was sent, as text. */
  exported: string;
}

/** Runs an app of fixtures/anthropic on one version of the SDK, against a provider and a collector of its own. */
export async function runAnthropicApp(
  sdk: string,
  options: Omit<RunOptions, 'cwd'> & { rows?: string[] },
): Promise<TableRun> {
  const [server, collector] = await Promise.all([startAnthropicServer(), startCollector()]);
  try {
    const { rows, ...rest } = options;
    const run = await runApp({
      ...rest,
      cwd: placeApp('anthropic', [`anthropic-${sdk}`]),
      env: {
        ANTHROPIC_BASE_URL: server.url,
        ANTHROPIC_API_KEY: 'key',
        // Port 1 is nobody's.
        REFUSED_URL: 'http://127.0.0.1:1',
        DEPRECATED_MODEL: sdk === '0.68' ? 'claude-2.1' : 'claude-sonnet-4-5',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        ROWS: rows?.join(','),
        ...options.env,
      },
    });
    const anyPort = (text: string) => text.replaceAll(server.url, 'http://provider');
    const host = new URL(server.url).host;
    return {
      ...run,
      stdout: anyPort(run.stdout),
      stderr: anyPort(run.stderr),
      requests: server.takeRequests().map((request) => ({
        ...request,
        headers: request.headers.map((text) => (text === host ? 'provider' : text)),
      })),
      spans: collector.spans(),
      exported: collector.requests.map(({ body }) => body.toString('utf8')).join('\n'),
    };
  } finally {
    await Promise.all([server.close(), collector.close()]);
  }
}

export interface Transcript {
  transcript: Record<string, unknown>;
  unhandled: unknown[];
}

/**
 * What the app printed, without what any wrapper around a function changes in a stack trace: its own frames
 * between the app's and the library's, and V8's note of the property a function was called through. How Node
 * came to run the code (ticks, timers, async hooks) differs from run to run anyway.
 */
export function transcriptOf(run: AppRun): Transcript {
  return JSON.parse(run.stdout, (key, value: unknown) =>
    key === 'stack' && typeof value === 'string' ? comparableStack(value) : value,
  ) as Transcript;
}

function comparableStack(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => !line.includes(`${root}/dist/`))
    .filter(
      (line) => !/AsyncLocalStorage\.run \(node:|\(node:internal\/(process|timers|async_hooks)/.test(line),
    )
    .map((line) => line.replace(' [as parseResponse]', ''));
}

const COVERED = [
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.request.max_tokens',
  'gen_ai.request.stream',
  'gen_ai.response.id',
  'gen_ai.response.model',
  'gen_ai.response.finish_reasons',
  'gen_ai.response.time_to_first_chunk',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_write.input_tokens',
  'anthropic.response.service_tier',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'server.address',
  'server.port',
  'error.type',
  'http.response.status_code',
];

/** Our spans of model calls as readable text: one line of facts, then what went in, came out, and the rest. */
export function callText(span: CollectedSpan): string {
  const { attributes, name, status } = span;
  const of = (key: string) => attributes[key] as string | undefined;
  const tokens = ['input_tokens', 'output_tokens', 'cache_read.input_tokens', 'cache_write.input_tokens'];
  const facts = [
    `${rowOf(span)}: ${name}`,
    status.code === 2 && `ERROR ${of('error.type')}`,
    of('http.response.status_code') && `http ${of('http.response.status_code')}`,
    of('gen_ai.response.finish_reasons') && `${of('gen_ai.response.finish_reasons')}`,
    tokens.some((kind) => of(`gen_ai.usage.${kind}`) !== undefined) &&
      `tokens ${tokens.map((kind) => of(`gen_ai.usage.${kind}`) ?? '-').join('/')}`,
    of('gen_ai.response.model') && `by ${of('gen_ai.response.model')} as ${of('gen_ai.response.id')}`,
    of('gen_ai.request.stream') && 'stream',
    Number(of('gen_ai.response.time_to_first_chunk')) > 0 && 'first chunk timed',
  ];
  const rest = Object.entries(attributes).filter(([key]) => !COVERED.includes(key));
  return [
    facts.filter(Boolean).join(', '),
    ...[of('gen_ai.input.messages')].filter(Boolean).map((text) => `  in   ${text}`),
    ...[of('gen_ai.output.messages')].filter(Boolean).map((text) => `  out  ${text}`),
    ...rest.map(([key, value]) => `  ${key} = ${typeof value === 'string' ? value : JSON.stringify(value)}`),
  ].join('\n');
}

export const rowOf = ({ attributes }: CollectedSpan): string =>
  String(attributes['gen_ai.request.model'] ?? 'none').replace('claude-row-', '');

export const isOurs = ({ scope }: CollectedSpan): boolean => scope === 'respan.anthropic';

/** In an order that does not depend on timing. */
export function callTexts(spans: CollectedSpan[]): string[] {
  const started = [...spans].filter(isOurs).sort((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));
  const texts = started.map((span): [string, string] => [rowOf(span), callText(span)]);
  return texts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, text]) => text);
}
