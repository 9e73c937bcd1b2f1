import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, expect } from 'vitest';
import { fixtures } from '../harness/paths';
import { cleanEnvironment } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';
import { tempFolder } from '../harness/temp-app';
import { ANSWER, nodeOptions, ONE_CALL, type Place, runner, wayGroup, waysApp } from '../harness/ways';

/**
 * AWS Lambda, with its runtime for Node (aws-lambda-ric) and a Lambda that freezes the process, as the real one does, at
 * the very moment its runtime asks for the next invocation.
 */
const group = wayGroup('lambda', 'AWS Lambda');

const task = tempFolder();
const runtimes = { old: tempFolder(), new: tempFolder() };
/** Takes streamed responses, which the runtime posts. */
let api: Server;
const streamed: string[] = [];
const runtimeApi = (): string => `127.0.0.1:${(api.address() as AddressInfo).port}`;

beforeAll(async () => {
  waysApp(task);
  for (const file of readdirSync(join(fixtures, 'ways-lambda'))) {
    copyFileSync(join(fixtures, 'ways-lambda', file), join(task, file));
  }
  copyFileSync(runner('aws-lambda-ric-4', 'index.mjs'), join(runtimes.new, 'index.mjs'));
  writeFileSync(join(runtimes.new, 'rapid-client.node'), '');
  for (const folder of ['bin', 'dist']) {
    mkdirSync(join(runtimes.old, folder));
    copyFileSync(runner('aws-lambda-ric-3', folder, 'index.mjs'), join(runtimes.old, folder, 'index.mjs'));
  }
  writeFileSync(join(runtimes.old, 'dist/rapid-client.node'), '');
  api = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    streamed.push(`${request.url} ${body} ${request.headers.traceparent ?? ''}`.trim());
    response.end();
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void api?.close());

interface Invoked {
  told: { kind: string; body?: string }[];
  /** The spans that had arrived when the process was frozen, after each invocation. */
  trees: string[];
  stdout: string;
  stderr: string;
}

/** Invokes a function with one event after the other, and lets nothing run between. */
async function invoke(
  { node, format, binary }: Place,
  name: string,
  events: object[],
  flags: string[],
  more: Record<string, string> = {},
): Promise<Invoked> {
  const { env, spans } = group.backends();
  const isOld = node === '20' || node === '22';
  const handler = `${format === 'esm' ? 'esm' : 'handlers'}.${name}`;
  const entry = isOld ? [join(runtimes.old, 'bin/index.mjs'), handler] : [join(runtimes.new, 'index.mjs')];
  const child = spawn(binary, ['--require', join(task, 'native.cjs'), ...entry], {
    cwd: task,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: {
      ...cleanEnvironment(),
      ...env,
      ...nodeOptions(flags),
      AWS_LAMBDA_RUNTIME_API: runtimeApi(),
      AWS_LAMBDA_FUNCTION_NAME: 'ways',
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: 'group',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      LAMBDA_TASK_ROOT: task,
      _HANDLER: handler,
      ...more,
    },
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  }
  const told: Invoked['told'] = [];
  const trees: string[] = [];
  try {
    let isFirst = true;
    const waiting = [...events];
    for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
      const message = JSON.parse(line) as { kind: string; body?: string };
      if (message.kind !== 'next') {
        told.push(message);
        continue;
      }
      child.kill('SIGSTOP');
      if (!isFirst) trees.push(spanTree(spans()));
      isFirst = false;
      const event = waiting.shift();
      if (!event) break;
      const headers = {
        'lambda-runtime-aws-request-id': 'id',
        'lambda-runtime-deadline-ms': String(Date.now() + 60_000),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:1:function:ways',
      };
      (child.stdio[4] as Writable).write(JSON.stringify({ bodyJson: JSON.stringify(event), headers }));
      child.kill('SIGCONT');
    }
  } finally {
    child.kill('SIGKILL');
    await gone(child);
  }
  return { told, trees, ...said };
}

const gone = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.on('exit', () => resolve()));

const question = { question: 'hello', waits: false };
const IMPORT = ['--import', 'respan/register'];
const TWICE = [ONE_CALL, `${ONE_CALL}\n${ONE_CALL}`];

async function expectTraced(place: Place, handler: string, event: object = question): Promise<void> {
  const events = [event, event];
  const bare = await invoke(place, handler, events, []);
  const traced = await invoke(place, handler, events, IMPORT);
  const what = `${handler} of ${place.format} on Node ${place.node}`;
  expect(traced.told, `${what}: ${traced.stderr}${traced.stdout}`).toEqual(bare.told);
  expect(comparable(traced), what).toEqual(comparable(bare));
  expect(traced.trees, what).toEqual(TWICE);
  expect(bare.trees, what).toEqual(['', '']);
}

/** Log lines of the runtime begin with the time; stacks have its and Node's own frames. */
const comparable = ({ stdout, stderr }: Invoked): string =>
  (stdout + stderr).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time').replace(/"stack":\[.*?\]/g, '');

const FLUSHED = 'Spans are sent when the response has been given, before the function is frozen.';

group.ways([
  {
    way: 'a layer or `NODE_OPTIONS="--import respan/register"`, async handlers',
    note: `${FLUSHED} Tried with the runtime of AWS (aws-lambda-ric 3 on Node 20 and 22, 4 on 24 and 26) and a stand-in for its native client.`,
    tryOn: (place) => expectTraced(place, 'answers'),
  },
  { way: 'handlers that throw', tryOn: (place) => expectTraced(place, 'fails') },
  {
    way: 'handlers with a callback',
    note: 'With and without `callbackWaitsForEmptyEventLoop`.',
    missing: Object.fromEntries(['24', '26'].map((node) => [node, 'Lambda has them up to Node 22.'])),
    async tryOn(place) {
      await expectTraced(place, 'callsBack', { ...question, waits: true });
      await expectTraced(place, 'callsBack', question);
    },
  },
  {
    way: 'response streaming',
    async tryOn(place) {
      await expectTraced(place, 'streams');
      const response = `/2018-06-01/runtime/invocation/id/response ${ANSWER} streamed`;
      expect(streamed.splice(0)).toEqual(Array(4).fill(response));
    },
  },
  {
    way: 'a backend that does not answer',
    note: 'Waited for within RESPAN_SHUTDOWN_TIMEOUT.',
    async tryOn(place) {
      const silent = createServer(() => {});
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as AddressInfo;
      const { told, trees } = await invoke(place, 'answers', [question, question], IMPORT, {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        RESPAN_SHUTDOWN_TIMEOUT: '200',
      });
      silent.closeAllConnections();
      silent.close();
      expect(told.map(({ kind }) => kind)).toEqual(['done', 'done']);
      expect(trees).toEqual(['', '']);
    },
  },
]);

group.describeRecord();
