import { beforeAll, describe, it } from 'vitest';
import { versionsToRun } from './app-folder';
import { type CollectedSpan, type Collector, startCollector } from './collector';
import { modelSpanLines, stepOf } from './model-span-lines';
import type { NodeName } from './nodes';
import { placeApp } from './place-app';
import { type AppRun, runApp } from './run-app';
import { modelSpans } from './span-tree';
import { mayDiffer } from './stack-frames';
import { keepSupportRecords } from './support-record';

/** The provider of a fixture: aimock, or a fake written from the provider's published reference. */
export interface ProviderServer {
  url: string;
  /** What came since the last call, byte for byte, in an order that does not depend on chance. */
  takeRequests(): string[];
  close(): Promise<void>;
}

export interface ProviderVersion {
  /** The name of the snapshot: `groq-1`. */
  name: string;
  /** Aliases in the package.json files of fixtures/sdks; the first one is the SDK under test. */
  sdks: string[];
  nodes: NodeName[];
}

export interface ProviderSuite {
  /**
   * The folder in fixtures/ with `app.mjs`, `app.cjs` and what they share. The app makes its calls with the steps of
   * fixtures/shared/steps.cjs against PROVIDER_URL and prints the transcript as its last line.
   */
  fixture: string;
  versions: ProviderVersion[];
  startServer(): Promise<ProviderServer>;
  env?: Record<string, string>;
  /** How many spans steps leave that do not leave one. */
  spansOfStep?: Record<string, number>;
  /** Which spans are compared; by default those of model calls. */
  select?(spans: CollectedSpan[]): CollectedSpan[];
  /** Names the step a span belongs to; by default from the `[step]` in its input messages. */
  stepOf?(span: CollectedSpan): string;
  /** Which of the version's SDKs made a span, where it is not the first one: the README tells them apart. */
  sdkOf?(span: CollectedSpan, sdks: string[]): string | undefined;
  /** The same where that takes the others of its trace; see frameworkSteps. */
  stepsOf?(spans: CollectedSpan[]): (span: CollectedSpan) => string;
  /** Which of the selected spans steps are counted by; by default all. */
  counted?(spans: CollectedSpan[]): CollectedSpan[];
  /** For steps that leave trees of spans: these, as text. How many a step leaves is up to the snapshot then. */
  lines?(spans: CollectedSpan[]): string;
  /** How spans are written down; by default modelSpanLines. */
  spanLines?(
    selected: CollectedSpan[],
    spans: CollectedSpan[],
    step: (span: CollectedSpan) => string,
  ): string;
  /** How long one run of the app may take ; all combinations run at once, on machines that may have other work. */
  timeoutMillis?: number;
  /** Spans that are not ours, which the app names as parents. */
  parentsElsewhere?: string[];
  /** Changes of stack lines that are known and harmless, with their reason; see `comparable`. */
  stackLine?(line: string): string | undefined;
}

interface Observed {
  run: AppRun;
  lines: string[];
  transcript: { step: string; seen: unknown[] }[];
  requests: string[];
}

/**
 * What holds for every provider, in ES modules and CommonJS: the app sees the same with and without respan (values,
 * errors, stacks, output, requests to the last byte), every step is exactly one span, the spans are those of the
 * snapshot `test/e2e/spans/<name>.txt`, and without content no marked word leaves.
 */
export function describeProvider(suite: ProviderSuite): void {
  const { timeoutMillis = 120_000, sdkOf } = suite;
  const support = keepSupportRecords();
  const sdksUnderTest = ({ sdks }: ProviderVersion): string[] => (sdkOf ? sdks : sdks.slice(0, 1));
  const versions = versionsToRun(suite.versions);
  const combinations = versions.flatMap((version, v) =>
    (['mjs', 'cjs'] as const).flatMap((format, f) =>
      version.nodes.map((node, n) => ({
        ...version,
        version,
        format,
        node,
        // Both ways to start, spread over the matrix.
        preload: (v + f + n) % 2 === 0 ? ('import' as const) : ('require' as const),
      })),
    ),
  );
  const folders = new Map<string, string>();
  beforeAll(() => {
    for (const { name, sdks } of versions) folders.set(name, placeApp(suite.fixture, sdks));
  });

  async function observe(
    how: Pick<(typeof combinations)[number], 'name' | 'format' | 'node'>,
    preload: 'import' | 'require' | 'none',
    provider: ProviderServer,
    env: Record<string, string> = {},
  ): Promise<Observed> {
    const run = await runApp({
      app: `app.${how.format}`,
      cwd: folders.get(how.name),
      node: how.node,
      preload,
      timeoutMillis,
      env: { PROVIDER_URL: provider.url, ...suite.env, ...env },
    });
    const lines = run.stdout.trimEnd().split('\n');
    const last = lines.at(-1) ?? '';
    const transcript = last.startsWith('[')
      ? (JSON.parse(last, comparable(suite)) as Observed['transcript'])
      : [];
    // Node's warnings begin with the id of the process.
    const stderr = run.stderr.replace(/^\(node:\d+\)/gm, '(node)');
    return { run: { ...run, stderr }, lines, transcript, requests: provider.takeRequests() };
  }

  const select = suite.select ?? modelSpans;
  const { stepsOf = () => suite.stepOf ?? stepOf, counted = (spans) => spans } = suite;
  const spanLines = suite.spanLines ?? modelSpanLines;

  describe.concurrent.each(combinations)('$name as $format on Node $node, --$preload', (combination) => {
    it(
      'runs as without respan, one span a call',
      async ({ expect }) => {
        const [provider, collector] = await Promise.all([suite.startServer(), startCollector()]);
        try {
          const bare = await observe(combination, 'none', provider);
          const traced = await observe(combination, combination.preload, provider, exportTo(collector));
          expect(bare.run, bare.run.stderr).toMatchObject({ code: 0, signal: null });
          expect(traced.run).toMatchObject({ code: 0, signal: null, stderr: bare.run.stderr });
          expect(traced.transcript.length).toBeGreaterThan(0);
          expect(traced.transcript).toEqual(bare.transcript);
          expect(traced.lines.slice(0, -1)).toEqual(bare.lines.slice(0, -1));
          expect(traced.requests).toEqual(bare.requests);
          expect(traced.requests.join('\n')).not.toMatch(/traceparent/i);

          const spans = collector.spans();
          const step = stepsOf(spans);
          if (!suite.lines) {
            expect(countOf(counted(select(spans)).map(step))).toEqual(
              expectedSpans(suite, traced.transcript),
            );
          }
          expectSoundSpans(expect, spans, select(spans), suite.parentsElsewhere);
          const lines = suite.lines?.(spans) ?? spanLines(select(spans), spans, step);
          await expect(`${lines}\n`).toMatchFileSnapshot(`../e2e/spans/${combination.name}.txt`);
          const { format, node, version } = combination;
          for (const sdk of sdksUnderTest(version)) {
            const itsSpans = select(spans).filter((span) => !sdkOf || sdkOf(span, version.sdks) === sdk);
            support.saw(sdk, { format, node, spans: itsSpans });
          }
        } finally {
          await Promise.all([provider.close(), collector.close()]);
        }
      },
      timeoutMillis * 2,
    );
  });

  // Not concurrent: it waits for the runs above.
  support.describeRecords(
    versions.flatMap(sdksUnderTest),
    (sdk) => combinations.filter(({ version }) => sdksUnderTest(version).includes(sdk)).length,
  );

  describe.concurrent.each(versions)('$name without content', (version) => {
    it(
      'sends no byte of prompt, answer, tool argument or error text',
      async ({ expect }) => {
        const [provider, collector] = await Promise.all([suite.startServer(), startCollector()]);
        try {
          const how = { name: version.name, format: 'mjs' as const, node: version.nodes.at(-1)! };
          const run = await observe(how, 'import', provider, {
            ...exportTo(collector),
            RESPAN_TRACE_CONTENT: 'false',
          });
          expect(run.run.code).toBe(0);
          expect(run.lines.join('\n')).toMatch(/MARK-/);
          const sent = collector.requests.map(({ body }) => body.toString('utf8')).join('\n');
          expect(sent).not.toMatch(/MARK-/);
          const count = counted(select(collector.spans())).length;
          if (suite.lines) expect(count).toBeGreaterThan(0);
          else expect(count).toBe(sumOf(expectedSpans(suite, run.transcript)));
        } finally {
          await Promise.all([provider.close(), collector.close()]);
        }
      },
      timeoutMillis * 2,
    );
  });
}

export const exportTo = (collector: Collector): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
});

/** What our own frames are in. */
const OURS =
  /^(kit|model-calls|database|telemetry|before-tracing|entity|http-api|infrastructure|vendor-instrumentation|instrument-[\w-]+)$/;

/** Without what may differ in a stack, and with what the suite makes of the rest. */
function comparable({ stackLine = (line) => line }: ProviderSuite) {
  return (key: string, value: unknown): unknown => {
    if (key !== 'stack' || !Array.isArray(value)) return value;
    return value
      .filter((line: string) => !mayDiffer(line, OURS))
      .flatMap((line: string) => stackLine(line) ?? []);
  };
}

function expectedSpans(
  { spansOfStep = {} }: ProviderSuite,
  transcript: Observed['transcript'],
): Record<string, number> {
  const counts = Object.fromEntries(transcript.map(({ step }) => [step, spansOfStep[step] ?? 1]));
  const others = Object.entries(spansOfStep).filter(([step]) => !(step in counts));
  return Object.fromEntries([...Object.entries(counts), ...others].filter(([, count]) => count > 0));
}

const sumOf = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

function countOf(steps: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const step of steps) counts[step] = (counts[step] ?? 0) + 1;
  return counts;
}

/** What holds for every span, whatever the call. */
function expectSoundSpans(
  expect: typeof import('vitest')['expect'],
  spans: CollectedSpan[],
  selected: CollectedSpan[],
  parentsElsewhere: string[] = [],
): void {
  const ids = new Set([...spans.map(({ spanId }) => spanId), ...parentsElsewhere]);
  for (const span of spans) if (span.parentSpanId) expect(ids).toContain(span.parentSpanId);
  for (const span of selected) {
    const milliseconds = Number(span.endTimeUnixNano - span.startTimeUnixNano) / 1e6;
    expect(milliseconds).toBeGreaterThanOrEqual(0);
    const first = span.attributes['gen_ai.response.time_to_first_chunk'];
    if (first === undefined) continue;
    expect(first).toBeGreaterThan(0);
    expect(Number(first) * 1000).toBeLessThanOrEqual(milliseconds + 1);
  }
}
