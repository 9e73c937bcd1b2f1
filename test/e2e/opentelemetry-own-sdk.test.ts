import { describe, expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { headerNamesOf, startModelServer } from '../harness/model-server';
import type { NodeName } from '../harness/nodes';
import { type Format, place, placeAs, treeFolder } from '../harness/otel-apps';
import { register } from '../harness/paths';
import { type AppRun, runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';

/** Where the SDK is set up: in a preload before or after ours, or in the app before or after `openai` loads. */
const PLACES = ['preload before', 'preload after', 'sdk-first', 'sdk-last'] as const;

const everywhere: [tree: string, node: NodeName][] = [
  ['sdk-2', '20'],
  ['sdk-2', '24'],
  ['sdk-3', '24'],
];
const cases = [
  ...everywhere.flatMap(([tree, node]) => PLACES.map((where) => ({ tree, node, where }))),
  { tree: 'sdk-2', node: '26' as const, where: 'sdk-first' as const },
  { tree: 'sdk-3', node: '22' as const, where: 'sdk-first' as const },
  { tree: 'sdk-3', node: '26' as const, where: 'preload before' as const },
].flatMap((details) => (['mjs', 'cjs'] as Format[]).map((format) => ({ ...details, format })));
type Case = (typeof cases)[number];

interface Outcome {
  run: AppRun;
  /** What the app's own exporter sent. */
  theirs: CollectedSpan[];
  theirBodies: string;
  ours: CollectedSpan[];
  /** What arrived at the model server. */
  headers: Record<string, string[]>;
}

async function outcome({ tree, node, format, where }: Case, traced: boolean): Promise<Outcome> {
  const folder = treeFolder(tree);
  const setup = placeAs(folder, `opentelemetry/setup-${tree}.mjs`, 'setup', format);
  place(folder, 'opentelemetry/work.mjs', format);
  const inPreload = where.startsWith('preload');
  const app = place(folder, `opentelemetry/${inPreload ? 'sdk-in-preload' : where}.mjs`, format);
  const flag = format === 'mjs' ? '--import' : '--require';
  const preloads = [...(traced ? [register] : []), ...(inPreload ? [setup] : [])];
  if (where === 'preload before') preloads.reverse();
  // OpenTelemetry's own hook, without which its instrumentations see nothing of ES modules.
  const hook =
    format === 'mjs'
      ? ['--no-warnings', '--experimental-loader', '@opentelemetry/instrumentation/hook.mjs']
      : [];

  const [theirs, ours] = await Promise.all([startCollector(), startCollector()]);
  // The app lives on while we export, and its SDK sees what we do.
  const models = await startModelServer(traced ? ours.received : undefined);
  try {
    const run = await runApp({
      app,
      node,
      preload: 'none',
      cwd: folder,
      flags: [...hook, ...preloads.flatMap((path) => [flag, path])],
      env: {
        MODEL_URL: models.url,
        APP_COLLECTOR: theirs.url,
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        RESPAN_API_KEY: 'k',
        RESPAN_BATCHING_ENABLED: 'false',
        RESPAN_BASE_URL: ours.url,
      },
    });
    const headers = headerNamesOf(models);
    const propagated = models.requests.flatMap(({ headers: { traceparent } }) => traceparent ?? []);
    const known = new Set(theirs.spans().map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`));
    expect(propagated.filter((traceparent) => !known.has(String(traceparent)))).toEqual([]);
    return {
      run,
      theirs: theirs.spans(),
      theirBodies: theirs.requests.map(({ body }) => body.toString()).join('\n'),
      ours: ours.spans(),
      headers,
    };
  } finally {
    await Promise.all([models.close(), theirs.close(), ours.close()]);
  }
}

const SHOWN = ['url.path', 'http.request.method', 'http.response.status_code', 'http.method', 'http.target'];
/** One line a span, with its ancestors and what kind of attributes it has, in no order of time. */
function describeTheirs(spans: CollectedSpan[]): string[] {
  const path = (span: CollectedSpan): string => {
    const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
    const above = parent ? `${path(parent)} > ` : span.parentSpanId ? '(parent missing) > ' : '';
    const shown = SHOWN.map((name) => span.attributes[name]).filter(Boolean);
    return `${above}${[span.scope, span.name, ...shown].join(' ')}`;
  };
  return spans.map((span) => `${path(span)}: ${Object.keys(span.attributes).sort().join(' ')}`).sort();
}

describe('an app with an OpenTelemetry SDK of its own: its telemetry is what it is without us', () => {
  it.each(cases)('$tree, Node $node, $format, $where', async (details) => {
    const [without, withUs] = await Promise.all([outcome(details, false), outcome(details, true)]);
    expect(withUs.run).toEqual(without.run);
    expect(withUs.run).toMatchObject({ code: 0, stderr: '' });
    expect(without.theirs.map(({ name }) => name)).toContain('ask the model');
    expect(describeTheirs(withUs.theirs)).toEqual(describeTheirs(without.theirs));
    expect(withUs.headers).toEqual(without.headers);
    expect(withUs.theirBodies).not.toContain('the secret');

    const tree = spanTree(withUs.ours);
    expect(tree).not.toContain('parent missing');
    expect(tree).toContain('openai.chat\n');
    const scopes = new Set(withUs.ours.map(({ scope }) => scope));
    expect(
      [...scopes].filter((scope) => !/^respan\.openai$|instrumentation-(http|undici)$/.test(scope)),
    ).toEqual([]);
    // Nothing of the app's exports.
    const paths = withUs.ours.map(({ attributes }) =>
      String(attributes['url.full'] ?? attributes['http.url'] ?? ''),
    );
    expect(paths.filter((path) => path.includes('/v1/traces'))).toEqual([]);
    const traces = new Set(withUs.theirs.map(({ traceId }) => traceId));
    const model = withUs.ours.filter(({ name }) => name === 'openai.chat');
    expect(model).toHaveLength(1);
    // Where the app's HTTP instrumentation came too late for the server, the request's trace begins with us.
    if (details.where !== 'sdk-last' || details.format !== 'cjs') expect(traces).toContain(model[0]?.traceId);
  });
});
