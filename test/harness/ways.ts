import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkTree, sdkFolder } from './app-folder';
import { type CollectedSpan, type Collector, spansOf, startCollector } from './collector';
import { NODES, type NodeName, nodeBinary, nodeReleases } from './nodes';
import { fixtures, root } from './paths';
import { type AppRun, run } from './run-app';
import { spanTree } from './span-tree';
import { recordText } from './support-record';
import { tempFolder } from './temp-app';

/**
 * Ways to start an app: each is tried with both module systems on all Nodes, or says why not. `WAYS=all` tries every
 * cell of that matrix, and keeps in test/e2e/ways what was seen, of which `npm run docs` makes docs/ways-to-start.md.
 * Otherwise a part of it is tried, which takes turns through the Nodes, and the record has to be what is declared.
 */
export interface WayRecord {
  /** As the document has it. */
  way: string;
  /** What the document says beside it. */
  note?: string;
  /** The Nodes on which an app of ES modules, and of CommonJS, was traced. Neither: it is not supported. */
  esm?: NodeName[];
  cjs?: NodeName[];
  /** Why the others are missing. */
  missing?: Missing;
}

export type Format = 'esm' | 'cjs';

/** Why there is nothing of a module system, of a Node, or of one on the other. */
export type Missing = Partial<Record<Format | NodeName | `${Format} ${NodeName}`, string>>;

export interface WayGroup {
  title: string;
  /** The file with its tests. */
  test: string;
  /** The releases it was tried on. */
  nodes: Record<string, string>;
  ways: WayRecord[];
}

interface Way {
  way: string;
  note?: string;
  /** Files of fixtures/ways. */
  apps?: Partial<Record<Format, string>>;
  missing?: Missing;
  /** Every cell is tried in each run of the tests. */
  isAlwaysTried?: boolean;
  /** Takes so long that it is tried by `WAYS=all` alone. */
  isSlow?: boolean;
}

/** A way that is a command line. It is tried with tracing and without. */
export interface CommandWay extends Way {
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
  /** How often: what the first time leaves behind may matter. */
  times?: number;
}

/** A way that is more than a command line. */
export interface TriedWay extends Way {
  tryOn(place: Place): Promise<void>;
}

export interface Start {
  command: string[];
  env?: Record<string, string | undefined>;
  cwd?: string;
  input?: string;
}

export interface Place {
  node: NodeName;
  format: Format;
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
export const REQUIRE = ['--require', 'respan/register'];

const FORMATS: Format[] = ['esm', 'cjs'];
const APPS = { esm: 'app.mjs', cjs: 'app.cjs' };
const isWhole = process.env.WAYS === 'all';

/** As variables of the environment: what a Dockerfile says. */
export const nodeOptions = (flags: string[]): Record<string, string | undefined> => ({
  NODE_OPTIONS: flags.length > 0 ? flags.map(quoted).join(' ') : undefined,
});

const quoted = (flag: string): string =>
  /[\s"\\]/.test(flag) ? `"${flag.replace(/["\\]/g, '\\$&')}"` : flag;

/** The model service, the backend and the app that the ways of a file share, and their record. */
export function wayGroup(name: string, title: string) {
  const entries: Entry[] = [];
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

  async function tryCommand(way: CommandWay, place: Place): Promise<void> {
    const { seen: seenOf, flags = IMPORT, tree = ONE_CALL, code = 3, timeoutMillis } = way;
    const what = `${place.app} on Node ${place.node}`;
    const loading = typeof flags === 'function' ? flags(place) : flags;
    const traced = await runIn(place, way.start(place, loading), timeoutMillis);
    if (seenOf) {
      const bare = await runIn(place, way.start(place, []), timeoutMillis);
      const said = `${what} without us: ${bare.run.stdout}${bare.run.stderr}`;
      expect(bare.run, said).toMatchObject({ code, signal: null });
      expect(seenOf(traced.run), what).toEqual(seenOf(bare.run));
    } else expect(traced.run, what).toEqual(APP_ALONE);
    expect(spanTree(traced.spans), `${what}: ${traced.run.stdout}${traced.run.stderr}`).toBe(tree);
  }

  async function tryOn(way: CommandWay | TriedWay, place: Place): Promise<void> {
    if ('tryOn' in way) return way.tryOn(place);
    for (let left = way.times ?? 1; left > 0; left -= 1) await tryCommand(way, place);
  }

  return {
    backends,
    runIn,
    folder: () => folder,

    /** Declares a test for each. */
    ways(ways: (CommandWay | TriedWay)[]): void {
      describe.concurrent(title, () => {
        for (const way of ways) {
          const { apps = APPS } = way;
          const cells = cellsOf(way);
          const entry = declare(way, cells);
          // Another Node for each module system, and others for the next way.
          const turn = entries.length;
          const tried = FORMATS.flatMap((format, at) => {
            const those = cells.filter((cell) => cell.format === format);
            if (isWhole || way.isAlwaysTried) return those;
            if (way.isSlow) return [];
            return those.slice((turn + 2 * at) % (those.length || 1)).slice(0, 1);
          });
          it(
            way.way,
            async () => {
              for (const { node, format } of tried) {
                const app = apps[format] ?? APPS[format];
                await tryOn(way, { node, format, app, folder, binary: nodeBinary(node) });
                entry.seen[format] = [...(entry.seen[format] ?? []), node];
              }
              entry.isDone = true;
            },
            TEST_MILLIS,
          );
        }
      });
    },

    /** Declares the test of what is not supported. */
    notSupported(way: string, note: string, test: () => Promise<void>): void {
      const entry = declare({ way, note }, []);
      it(
        way,
        async () => {
          await test();
          entry.isDone = true;
        },
        TEST_MILLIS,
      );
    },

    /** Declares the test that compares with what is committed. */
    describeRecord(): void {
      describe('what docs/ways-to-start.md says', () => {
        it('is what was seen', async (context) => {
          const file = join(root, `test/e2e/ways/${name}.json`);
          const test = relative(root, expect.getState().testPath ?? '').replaceAll('\\', '/');
          const text = (ways: WayRecord[]): string =>
            recordText({ title, test, nodes: nodeReleases(), ways } satisfies WayGroup);
          const isUndone = entries.some(({ isDone }) => !isDone);
          if (isWhole) {
            // Where some ways are run by themselves, the others are as they were seen before.
            const before = isUndone ? recordedIn(file) : new Set<string>();
            const isKnown = ({ isDone, declared }: Entry) => isDone || before.has(JSON.stringify(declared));
            if (!entries.every(isKnown)) return context.skip();
            const ways = entries.map(({ isDone, seen, declared }) => (isDone ? seen : declared));
            return expect(text(ways)).toMatchFileSnapshot(file);
          }
          if (isUndone) return context.skip();
          const help = 'The record is behind: WAYS=all npx vitest run test/e2e/ways -u, then npm run docs';
          expect(readFileSync(file, 'utf8'), help).toBe(text(entries.map(({ declared }) => declared)));
        });
      });
    },
  };

  function declare({ way, note, missing }: Way, cells: Cell[]): Entry {
    const nodesOf = (format: Format): NodeName[] | undefined => {
      const nodes = cells.filter((cell) => cell.format === format).map(({ node }) => node);
      return nodes.length > 0 ? nodes : undefined;
    };
    const entry: Entry = {
      declared: { way, note, esm: nodesOf('esm'), cjs: nodesOf('cjs'), missing },
      seen: { way, note, esm: undefined, cjs: undefined, missing },
      isDone: false,
    };
    entries.push(entry);
    return entry;
  }
}

interface Entry {
  declared: WayRecord;
  seen: WayRecord;
  isDone: boolean;
}

/** What a record says, if it is of the same releases of Node. */
function recordedIn(file: string): Set<string> {
  if (!existsSync(file)) return new Set();
  const { nodes, ways } = JSON.parse(readFileSync(file, 'utf8')) as WayGroup;
  if (JSON.stringify(nodes) !== JSON.stringify(nodeReleases())) return new Set();
  return new Set(ways.map((way) => JSON.stringify(way)));
}

interface Cell {
  format: Format;
  node: NodeName;
}

/** All there are, without those that are said to be missing. */
function cellsOf({ way, apps = APPS, missing = {} }: Way): Cell[] {
  const cells = FORMATS.flatMap((format) => NODES.map((node) => ({ format, node }))).filter(
    ({ format, node }) => !missing[format] && !missing[node] && !missing[`${format} ${node}`],
  );
  const unnamed = cells.find(({ format }) => !apps[format]);
  if (unnamed) throw new Error(`${way}: neither an app for ${unnamed.format} nor why there is none`);
  return cells;
}

/** A copy of the app with real folders of its packages, wherever it is to be. */
export function waysApp(
  folder = tempFolder(),
  target = (name: string): string => join(folder, 'node_modules', name),
): string {
  mkdirSync(folder, { recursive: true });
  cpSync(join(fixtures, 'ways'), folder, { recursive: true });
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
