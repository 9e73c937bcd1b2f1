import { describe, expect, it } from 'vitest';
import { type CollectedSpan, type Collector, startCollector } from '../harness/collector';
import { headerNamesOf, startModelServer } from '../harness/model-server';
import type { NodeName } from '../harness/nodes';
import { type Format, place, placeAs, treeFolder } from '../harness/otel-apps';
import { startOtherBackend } from '../harness/other-backend';
import { OTHER_TRACERS } from '../harness/other-tracers';
import { register } from '../harness/paths';
import { type AppRun, runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';

/**
 * Beside another tracer both work: its backend gets what it gets without us, and none of our prompts; ours is the
 * trace that there is without it.
 */
const ORDERS = ['before', 'after'] as const;

interface Case {
  name: string;
  node: NodeName;
  format: Format;
  /** Where its preload is. */
  where: (typeof ORDERS)[number];
}

/** One of each in the suite; all of them with OTHER_TRACERS=all. */
const everything = Object.keys(OTHER_TRACERS).flatMap((name) =>
  (['20', '24'] as NodeName[]).flatMap((node) =>
    (['mjs', 'cjs'] as Format[]).flatMap((format) => ORDERS.map((where) => ({ name, node, format, where }))),
  ),
);
const { OTHER_TRACERS: wanted } = process.env;
const cases: Case[] = wanted
  ? everything.filter((one) => wanted === 'all' || Object.values(one).join(' ').match(new RegExp(wanted)))
  : Object.keys(OTHER_TRACERS).map((_, at) => everything[8 * at + ((at * 3) % 8)]!);

interface Outcome {
  run: AppRun;
  theirs: string[];
  /** Everything that the other backend got. */
  sent: string;
  ours: CollectedSpan[];
  /** What the app's requests had for headers. */
  headers: Record<string, string[]>;
}

async function outcome(
  { name, node, format, where }: Case,
  who: { us: boolean; them: boolean },
  more: (ours: Collector) => Record<string, string | undefined> = () => ({}),
): Promise<Outcome> {
  const tracer = OTHER_TRACERS[name]!;
  const folder = treeFolder(tracer.tree);
  const app = place(folder, 'other-tracers/app.mjs', format);
  const flag = format === 'mjs' ? '--import' : '--require';
  const setup =
    tracer.setup &&
    placeAs(folder, `other-tracers/setup-${tracer.setup}.mjs`, `setup-${tracer.setup}`, format);
  const flags = [
    who.us ? [flag, register] : [],
    who.them ? [...tracer.flags(format), ...(setup ? [flag, setup] : [])] : [],
  ];
  if (where === 'before') flags.reverse();
  const [theirs, ours] = await Promise.all([
    startOtherBackend(tracer.answer, tracer.isSecure),
    startCollector(),
  ]);
  const models = await startModelServer(who.us ? ours.received : undefined);
  try {
    const run = await runApp({
      app,
      node,
      preload: 'none',
      cwd: folder,
      flags: flags.flat(),
      env: {
        ...(who.them && tracer.env(theirs)),
        MODEL_URL: models.url,
        RESPAN_API_KEY: 'k',
        RESPAN_BASE_URL: ours.url,
        RESPAN_BATCHING_ENABLED: 'false',
        ...more(ours),
      },
    });
    return {
      run,
      theirs: tracer.spans(theirs.requests).map(withoutPorts).sort(),
      sent: theirs.requests.map(({ body }) => body.toString('latin1')).join('\n'),
      ours: ours.spans(),
      headers: headerNamesOf(models),
    };
  } finally {
    await Promise.all([models.close(), theirs.close(), ours.close()]);
  }
}

const withoutPorts = (text: string): string => text.replace(/:\d{4,5}\b/g, ':(port)');

const timesIn = (text: string, word: string): number => text.split(word).length - 1;

const isNotOurs =
  (without: string[]) =>
  (name: string): boolean =>
    name !== 'traceparent' || without.includes(name);

/** The trace of the request, from where the server takes it. */
function answerOf(spans: CollectedSpan[]): string {
  const server = spans.find(({ name }) => name === 'GET /ask/:id');
  return spanTree(
    spans
      .filter(({ traceId, parentSpanId, spanId }) => {
        return traceId === server?.traceId && (spanId === server.spanId || parentSpanId !== undefined);
      })
      .map((span) => (span === server ? { ...span, parentSpanId: undefined } : span)),
  );
}

const rootNames = (spans: CollectedSpan[]): string[] =>
  spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name);

describe('beside another tracer', () => {
  it.each(cases)('$name, Node $node, $format, its preload $where ours', async (details) => {
    const tracer = OTHER_TRACERS[details.name]!;
    const [alone, without, both] = await Promise.all([
      outcome(details, { us: true, them: false }),
      outcome(details, { us: false, them: true }),
      outcome(details, { us: true, them: true }),
    ]);
    if (process.env.SHOW) {
      console.log(details, without.run, without.theirs, both.run, both.theirs, spanTree(both.ours));
    }
    expect(alone.run).toMatchObject({ code: 3, stderr: '' });
    expect(without.run).toEqual({ ...alone.run, stderr: without.run.stderr });
    expect(both.run).toEqual(without.run);
    expect(both.theirs).toEqual(without.theirs);
    expect(timesIn(both.sent, 'the secret')).toBe(timesIn(without.sent, 'the secret'));
    // Nothing of ours, but for our trace between the app's own services where the other has none there.
    expect(both.headers['/v1/chat/completions']).toEqual(without.headers['/v1/chat/completions']);
    for (const [path, names] of Object.entries(both.headers)) {
      expect(names.filter(isNotOurs(without.headers[path]!))).toEqual(without.headers[path]);
    }
    const tree = spanTree(both.ours);
    expect(tree).not.toContain('parent missing');
    if (tracer.isExportedByUs) expect(tree).toContain('answer.workflow');
    else expect(answerOf(both.ours)).toBe(answerOf(alone.ours));
    // What the app asked for, and nothing that either of us sends its backend.
    expect(rootNames(both.ours).filter((root) => !['GET', 'GET /ask/:id'].includes(root))).toEqual([]);
  });
});

describe('an SDK of the app’s that exports to where respan does', () => {
  const traceloop: Case = { name: 'Traceloop', node: '20', format: 'cjs', where: 'after' };
  const elastic: Case = { name: 'Elastic OpenTelemetry 1', node: '24', format: 'cjs', where: 'before' };
  const line = (ids: string, scopes: string) =>
    new RegExp(
      `^respan: ${ids}: each call is there twice in http://127.0.0.1:\\d+, by respan and by ${scopes} of the app's OpenTelemetry SDK, which exports there as well. Take one of both out, for example with RESPAN_BLOCK_INSTRUMENTS=${ids.replaceAll(', ', ',')}\n$`,
    );

  it('is told of once, with what both trace', async () => {
    const both = { us: true, them: true };
    const [respan, otlp] = await Promise.all([
      outcome(traceloop, both, ({ url }) => ({ TRACELOOP_BASE_URL: url })),
      outcome(elastic, both, ({ url }) => ({
        RESPAN_API_KEY: undefined,
        RESPAN_LOG_LEVEL: 'INFO',
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
      })),
    ]);
    expect(respan.run).toMatchObject({ code: 3 });
    expect(respan.run.stderr).toMatch(line('openai', '@traceloop/instrumentation-openai'));
    expect(otlp.run.code).toBe(3);
    const scopes = ['openai', 'router'].map((name) => `@opentelemetry/instrumentation-${name}`);
    expect(otlp.run.stderr).toMatch(line('openai, express', scopes.join(', ')));
  });

  it('is the business of nobody where it is another account, or what both trace is blocked', async () => {
    const both = { us: true, them: true };
    const silent = await Promise.all([
      outcome(traceloop, both, ({ url }) => ({ TRACELOOP_BASE_URL: url, TRACELOOP_API_KEY: 'of another' })),
      outcome(traceloop, both, ({ url }) => ({
        TRACELOOP_BASE_URL: url,
        RESPAN_BLOCK_INSTRUMENTS: 'openai',
      })),
    ]);
    for (const { run } of silent) expect(run).toMatchObject({ code: 3, stderr: '' });
  });
});
