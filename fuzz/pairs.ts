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
  /** Seeds of cases that look different each time, whether respan is there or not. */
  unstable: number[];
}

type Request = { from: number; count: number; whole?: true } | { seeds: number[]; whole?: true };

export async function differences(subject: Subject, from: number, count: number): Promise<Found> {
  const sink = await startSink();
  const [bare, traced] = await Promise.all([
    run(subject, { from, count }),
    run(subject, { from, count }, sink.url),
  ]);
  const suspects = [...bare.keys()].filter((seed) => bare.get(seed) !== traced.get(seed));
  const found: Found = { cases: bare.size, spans: sink.spans(), different: [], unstable: [] };
  if (bare.size < count || traced.size < count)
    throw new Error(`${subject.sdks}: a run ended before its time`);
  if (suspects.length > 0) {
    const again = { seeds: suspects };
    const bareAgain = [await run(subject, again), await run(subject, again), await run(subject, again)];
    const tracedAgain = [await run(subject, again, sink.url), await run(subject, again, sink.url)];
    for (const seed of suspects) {
      const without = new Set([bare, ...bareAgain].map((lines) => lines.get(seed)));
      const differs = tracedAgain.every((lines) => !without.has(lines.get(seed)));
      (differs ? found.different : found.unstable).push(seed);
    }
  }
  await sink.close();
  return found;
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

/** What was seen of each case, by seed. */
async function run(subject: Subject, request: Request, exportTo?: string): Promise<Map<number, string>> {
  const folder = appFolder(subject.sdks);
  writeFileSync(join(folder, 'import.mjs'), 'export default (name) => import(name);\n');
  const task = { library: subject.library, folder, format: subject.format, ...request };
  const preload = exportTo ? ['--require', join(root, 'dist/register.js')] : [];
  const app = spawn(subject.node, [...preload, join(root, 'fuzz/cases.cjs'), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(), ...(exportTo && tracedTo(exportTo)) },
  });
  let [stdout, stderr] = ['', ''];
  app.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  app.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise((resolve) => app.on('close', resolve));
  if (code !== 0) throw new Error(`${subject.sdks.join()} ${subject.format} ended with ${code}: ${stderr}`);
  const seen = new Map<number, string>();
  // Whatever is said besides is a difference of its own.
  const said = [stderr.trim().replace(/\(node:\d+\)/g, '(node)')];
  for (const line of stdout.split('\n')) {
    const [, seed, digest] = /^(\d+) (\S+)$/.exec(line) ?? [];
    if (line.startsWith('{"seed":')) {
      const whole = JSON.parse(line) as { seed: number; lines: string[] };
      seen.set(whole.seed, JSON.stringify(whole.lines));
    } else if (seed && digest) seen.set(Number(seed), digest);
    else said.push(line);
  }
  const [first] = seen.keys();
  const besides = said.filter(Boolean).join('\n');
  if (first !== undefined && besides && !request.whole) seen.set(first, `${seen.get(first)} ${besides}`);
  return seen;
}

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
