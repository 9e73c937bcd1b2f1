import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { appFolder } from '../test/harness/app-folder';
import { root } from '../test/harness/paths';

/** One library in one version, loaded in one way. */
export interface Subject {
  library: string;
  sdks: string[];
  format: string;
  node: string;
}

export interface Found {
  cases: number;
  /** How many spans were exported: none would mean that nothing was tried. */
  spans: number;
  /** Seeds of cases that look different with respan. */
  different: number[];
  /** Seeds of cases that do not look the same each time, whether respan is there or not. */
  unstable: number[];
  /** Seeds of cases that differed, and never again when both sides were run anew, alone and after what was before them. */
  once: number[];
  /** Seeds of cases that end the process without respan as well. */
  deadly: number[];
  /** What the processes wrote that belongs to no case, where it differs: without respan, and with it. */
  said: { without: string; having: string }[];
}

type Request = { from: number; count: number; whole?: true } | { seeds: number[]; whole?: true };

/** As many cases as one process runs: few enough that one that dies takes little with it. */
const PER_PROCESS = 1_000;
/** Soon full, where a library makes something without end of an endless argument. */
const MEGABYTES = 1_024;
/** As many cases before one are run again with it, where it does not differ alone. */
const BEFORE = 40;

export async function differences(subject: Subject, from: number, count: number): Promise<Found> {
  const sink = await startSink();
  const sides = {
    without: (request: Request) => run(subject, request),
    having: (request: Request) => run(subject, request, sink.url),
  };
  const found: Found = { cases: 0, spans: 0, different: [], unstable: [], once: [], deadly: [], said: [] };
  const end = from + count;
  for (let start = from; start < end; ) {
    const request = { from: start, count: Math.min(PER_PROCESS, end - start) };
    const without = await sides.without(request);
    // One that the library itself does not survive, be it that it fills the memory, is left out.
    if (without.size <= request.count) {
      request.count = without.size - 1;
      found.deadly.push(start + request.count);
      start += 1;
    }
    start += request.count;
    if (request.count === 0) continue;
    const having = await sides.having(request);
    if (having.size <= request.count)
      throw new Error(`${subject.sdks}: ended at ${request.from + having.size - 1}, with respan alone`);
    found.cases += request.count;
    found.spans = sink.spans();
    const suspects = [...without.keys()].filter((seed) => without.get(seed) !== having.get(seed));
    if (suspects.at(-1) === BESIDES) {
      suspects.pop();
      const [less, more] = [await sides.without(request), await sides.having(request)];
      const said = { without: less.get(BESIDES)!, having: more.get(BESIDES)! };
      if (said.without !== said.having) found.said.push(said);
    }
    if (suspects.length > 0) await judge(suspects, without, sides, found);
  }
  await sink.close();
  return found;
}

type Sides = Record<'without' | 'having', (request: Request) => Promise<Seen>>;

async function judge(suspects: number[], first: Seen, sides: Sides, found: Found) {
  const alone = { seeds: suspects };
  const without = [await sides.without(alone), await sides.without(alone), await sides.without(alone)];
  const having = [await sides.having(alone), await sides.having(alone)];
  for (const seed of suspects) {
    const usual = new Set([first, ...without].map((lines) => lines.get(seed)));
    const differs = having.filter((lines) => !usual.has(lines.get(seed))).length;
    // Where each run without it looks different, nothing can be said (identifiers made by chance).
    if (usual.size === without.length + 1) found.unstable.push(seed);
    // Answers to requests that are made at the same time go to one of them first.
    else if (differs === having.length && (await differsAfter(0, seed, sides, usual)))
      found.different.push(seed);
    else if (usual.size > 1) found.unstable.push(seed);
    else ((await differsAfter(BEFORE, seed, sides, usual)) ? found.different : found.once).push(seed);
  }
}

/**
 * Whether a case differs, twice, from all that has been seen without respan, when `before` of those before it have been run in
 * the same process.
 */
async function differsAfter(
  before: number,
  seed: number,
  sides: Sides,
  usual: Set<string | undefined>,
): Promise<boolean> {
  const from = Math.max(seed - before, 1);
  const request = { from, count: seed - from + 1 };
  for (let round = 0; round < 2; round++) usual.add((await sides.without(request)).get(seed));
  for (let round = 0; round < 2; round++) {
    if (usual.has((await sides.having(request)).get(seed))) return false;
  }
  return true;
}

/** Both sides of one case, line by line. */
export async function show(subject: Subject, seed: number): Promise<string> {
  const sink = await startSink();
  const sides = [
    await run(subject, { seeds: [seed], whole: true }),
    await run(subject, { seeds: [seed], whole: true }, sink.url),
  ];
  await sink.close();
  const [without = [], having = []] = sides.map((side) => JSON.parse(side.get(seed) ?? '[]') as string[]);
  const length = Math.max(without.length, having.length);
  return Array.from({ length }, (_, index) =>
    without[index] === having[index] ? `  ${without[index]}` : `- ${without[index]}\n+ ${having[index]}`,
  ).join('\n');
}

/** What was seen of each case, by seed; and what the process wrote that is no case's, such as warnings of Node's. */
type Seen = Map<number, string>;
const BESIDES = -1;

async function run(subject: Subject, request: Request, exportTo?: string): Promise<Seen> {
  const folder = appFolder(subject.sdks);
  writeFileSync(join(folder, 'import.mjs'), 'export default (name) => import(name);\n');
  const task = { library: subject.library, folder, format: subject.format, ...request };
  const preload = exportTo ? ['--require', join(root, 'dist/register.js')] : [];
  const flags = [...preload, `--max-old-space-size=${MEGABYTES}`];
  const app = spawn(subject.node, [...flags, join(root, 'fuzz/cases.cjs'), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(), ...OF_LIBRARIES, ...(exportTo && tracedTo(exportTo)) },
  });
  let [stdout, stderr] = ['', ''];
  app.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  app.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise((resolve) => app.on('close', resolve));
  // What killed it is on stderr, of no use, and in the number of cases.
  const said = [code !== 0 ? `ended with ${code}` : stderr.trim().replace(/\((node:)?\d+\)/g, '(id)')];
  const seen: Seen = new Map();
  for (const line of stdout.split('\n')) {
    const [, seed, digest] = /^(\d+) (\S+)$/.exec(line) ?? [];
    if (line.startsWith('{"seed":')) {
      const whole = JSON.parse(line) as { seed: number; lines: string[] };
      seen.set(whole.seed, JSON.stringify(whole.lines));
    } else if (seed && digest) seen.set(Number(seed), digest);
    else said.push(line);
  }
  seen.set(BESIDES, said.filter(Boolean).join('\n'));
  return seen;
}

/** A certificate of the server's, for what speaks nothing but TLS; and no search for a machine of Google's. */
const OF_LIBRARIES = {
  NODE_EXTRA_CA_CERTS: join(root, 'fixtures/http/cert.pem'),
  METADATA_SERVER_DETECTION: 'none',
  // Its words have times in them.
  LANCEDB_LOG: 'off',
};

const tracedTo = (url: string) => ({
  RESPAN_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces`,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  RESPAN_LOG_LEVEL: 'error',
});

/** Nothing that steers node, tracing or an SDK. */
function environment(): NodeJS.ProcessEnv {
  const steering = /^(RESPAN|OTEL|TRACELOOP|OPENAI|ANTHROPIC|GOOGLE|AWS|NODE|npm)_/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}

/** A backend that counts what it is sent, and forgets it. */
async function startSink(): Promise<{ url: string; spans(): number; close(): Promise<void> }> {
  let spans = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString();
      spans += text.split('"spanId":').length - 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => spans,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
