import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkTree, sdkFolder } from './app-folder';
import { type CollectedSpan, type Collector, spansOf, startCollector } from './collector';
import { NODES, type NodeName, nodeBinary } from './nodes';
import { fixtures, root } from './paths';
import { type AppRun, run } from './run-app';
import { spanTree } from './span-tree';
import { recordText } from './support-record';
import { tempFolder } from './temp-app';

/**
 * Ways to start an app. What was seen of each is kept in test/e2e/ways, of which `npm run docs` makes
 * docs/ways-to-start.md; a record that no longer holds fails its test.
 */
export interface WayRecord {
  /** As the document has it. */
  way: string;
  /** What the document says beside it. */
  note?: string;
  /** The Nodes on which an app of ES modules, and of CommonJS, was traced. Neither: it is not supported. */
  esm?: NodeName[];
  cjs?: NodeName[];
}

export interface WayGroup {
  title: string;
  /** The file with its tests. */
  test: string;
  ways: WayRecord[];
}

/** A way that is a command line. It is tried with tracing and without. */
export interface CommandWay {
  way: string;
  note?: string;
  /** Files of fixtures/ways; their extensions tell the module system. */
  apps?: string[];
  nodes?: NodeName[];
  /** `flags` load respan; there are none in the run that others are compared with. */
  start(place: Place, flags: string[]): Start;
  /** Instead of `--import respan/register`. */
  flags?: string[] | ((place: Place) => string[]);
  /** What of a run has to be the same as without us. Where it is not said, all of it is what the app alone writes. */
  seen?(run: AppRun): unknown;
  /** The spans, where they are not those of one call. */
  tree?: string;
  /** The exit code without us. */
  code?: number;
  timeoutMillis?: number;
}

export interface Start {
  command: string[];
  env?: Record<string, string | undefined>;
  cwd?: string;
  input?: string;
}

export interface Place {
  node: NodeName;
  binary: string;
  app: string;
  /** The app, with openai and respan in its node_modules. Nobody writes there. */
  folder: string;
}

export interface WayRun {
  run: AppRun;
  spans: CollectedSpan[];
}

export const ANSWER = 'world';
/** What fixtures/ways/ask.cjs writes, and how it ends. */
const APP_ALONE: AppRun = { code: 3, signal: null, stdout: `${ANSWER}\n`, stderr: 'asked\n' };
/** What one call leaves. */
export const ONE_CALL = 'openai.chat\n  POST';

/** Against hanging; how long a busy machine takes is not what is tested. */
const SAFETY_NET_MILLIS = 240_000;
const TEST_MILLIS = 600_000;

const IMPORT = ['--import', 'respan/register'];

/** As variables of the environment: what a Dockerfile says. */
export const nodeOptions = (flags: string[]): Record<string, string | undefined> => ({
  NODE_OPTIONS: flags.length > 0 ? flags.map(quoted).join(' ') : undefined,
});

const quoted = (flag: string): string =>
  /[\s"\\]/.test(flag) ? `"${flag.replace(/["\\]/g, '\\$&')}"` : flag;

/** The model service, the backend and the app that the ways of a file share, and their record. */
export function wayGroup(name: string, title: string) {
  const tried: { record: WayRecord; isDone: boolean }[] = [];
  let mock: LLMock;
  let collector: Collector;
  let folder = '';
  let count = 0;

  beforeAll(async () => {
    mock = new LLMock({ port: 0 }).onMessage(/hello/, { content: ANSWER });
    [collector] = await Promise.all([startCollector(), mock.start()]);
    folder = waysApp();
  });
  afterAll(async () => {
    await Promise.all([mock?.stop(), collector?.close()]);
  });

  /** Variables that lead an app to the model, and its spans to us. */
  function backends(): { env: Record<string, string>; spans(): CollectedSpan[] } {
    const key = `/run-${(count += 1)}`;
    return {
      env: {
        OPENAI_API_KEY: 'key',
        OPENAI_BASE_URL: `${mock.url}/v1`,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url + key,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        // How long a busy machine takes is not what is tested.
        RESPAN_SHUTDOWN_TIMEOUT: '60000',
      },
      spans: () =>
        collector.requests
          .filter(({ url }) => url.startsWith(`${key}/`))
          .flatMap(({ body }) => spansOf(body.toString('utf8'))),
    };
  }

  async function runIn(
    { binary }: Pick<Place, 'binary'>,
    start: Start,
    timeoutMillis = SAFETY_NET_MILLIS,
  ): Promise<WayRun> {
    const { env, spans } = backends();
    const [command = '', ...args] = start.command;
    const path = `${dirname(binary)}${delimiter}${process.env.PATH}`;
    const result = await run(command, args, {
      cwd: start.cwd ?? folder,
      input: start.input,
      env: { PATH: path, ...env, ...start.env },
      timeoutMillis,
    });
    return { run: result, spans: spans() };
  }

  async function tryWay(way: CommandWay, place: Place): Promise<void> {
    const { seen, flags = IMPORT, tree = ONE_CALL, code = 3, timeoutMillis } = way;
    const what = `${place.app} on Node ${place.node}`;
    const loading = typeof flags === 'function' ? flags(place) : flags;
    const traced = await runIn(place, way.start(place, loading), timeoutMillis);
    if (seen) {
      const bare = await runIn(place, way.start(place, []), timeoutMillis);
      const said = `${what} without us: ${bare.run.stdout}${bare.run.stderr}`;
      expect(bare.run, said).toMatchObject({ code, signal: null });
      expect(seen(traced.run), what).toEqual(seen(bare.run));
    } else expect(traced.run, what).toEqual(APP_ALONE);
    expect(spanTree(traced.spans), `${what}: ${traced.run.stdout}${traced.run.stderr}`).toBe(tree);
  }

  return {
    backends,
    runIn,
    folder: () => folder,

    /** Declares a test for each. */
    ways(ways: CommandWay[]): void {
      describe.concurrent(title, () => {
        for (const way of ways) {
          const { apps = ['app.mjs', 'app.cjs'], nodes = NODES } = way;
          const entry = keep({ way: way.way, note: way.note, ...formatsOf(apps, nodes) });
          it(
            way.way,
            async () => {
              for (const node of nodes) {
                for (const app of apps) await tryWay(way, { node, app, folder, binary: nodeBinary(node) });
              }
              entry.isDone = true;
            },
            TEST_MILLIS,
          );
        }
      });
    },

    /** Declares the test of a way that is more than a command line, or of one that is not supported. */
    way(record: WayRecord, test: () => Promise<void>, timeoutMillis = TEST_MILLIS): void {
      const entry = keep(record);
      it(
        record.way,
        async () => {
          await test();
          entry.isDone = true;
        },
        timeoutMillis,
      );
    },

    /** Declares the test that compares with what is committed. */
    describeRecord(): void {
      describe('what docs/ways-to-start.md says', () => {
        it('is what was seen', async (context) => {
          // Where a part of the file is run by itself, nothing can be said of the rest.
          if (tried.some(({ isDone }) => !isDone)) return context.skip();
          const test = relative(root, expect.getState().testPath ?? '').replaceAll('\\', '/');
          const group: WayGroup = { title, test, ways: tried.map(({ record }) => record) };
          await expect(recordText(group)).toMatchFileSnapshot(`../e2e/ways/${name}.json`);
        });
      });
    },
  };

  function keep(record: WayRecord): { record: WayRecord; isDone: boolean } {
    const entry = { record, isDone: false };
    tried.push(entry);
    return entry;
  }
}

function formatsOf(apps: string[], nodes: NodeName[]): Pick<WayRecord, 'esm' | 'cjs'> {
  const isModule = (app: string) => /\.m[jt]s$/.test(app);
  return {
    ...(apps.some(isModule) && { esm: nodes }),
    ...(!apps.every(isModule) && { cjs: nodes }),
  };
}

/** A copy of the app with real folders of its packages, wherever it is to be. */
export function waysApp(
  folder = tempFolder(),
  target = (name: string): string => join(folder, 'node_modules', name),
): string {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(join(fixtures, 'ways'), { withFileTypes: true })) {
    if (file.isFile()) copyFileSync(join(fixtures, 'ways', file.name), join(folder, file.name));
  }
  linkTree(sdkFolder('openai-6'), target('openai'));
  installRespan(target('respan'));
  if (target('respan').startsWith(join(folder, 'node_modules'))) linkCommand(join(folder, 'node_modules'));
  return folder;
}

/** The package as it is published, without what it needs for its types alone. */
export function installRespan(target: string): void {
  mkdirSync(target, { recursive: true });
  cpSync(join(root, 'package.json'), join(target, 'package.json'));
  linkTree(join(root, 'dist'), join(target, 'dist'));
}

function linkCommand(modules: string): void {
  mkdirSync(join(modules, '.bin'), { recursive: true });
  chmodSync(join(modules, 'respan/dist/cli.js'), 0o755);
  symlinkSync('../respan/dist/cli.js', join(modules, '.bin/respan'));
}

/** Where a runner of fixtures/sdks/runners is. */
export const runner = (alias: string, ...path: string[]): string => join(sdkFolder(alias), ...path);
