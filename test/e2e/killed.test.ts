import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pathWith } from '../cli/cli';
import { type Collector, startCollector } from '../harness/collector';
import { nodeBinary } from '../harness/nodes';
import { cli, fixtures } from '../harness/paths';
import { tempApp } from '../harness/temp-app';

/** 200 on a machine that has the time: KILLS=200 npx vitest run test/e2e/killed.test.ts */
const KILLS = Number(process.env.KILLS ?? 24);
const AT_ONCE = 4;
const LONGEST_LIFE_MILLIS = 600;

let model: Server;
let modelUrl: string;
let collector: Collector;
let cwd: string;
/** Every question that reached the model: its span had been started. */
const asked: string[] = [];

beforeAll(async () => {
  collector = await startCollector();
  model = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      asked.push(/question [\d-]+/.exec(body)![0]);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let sent = 0;
      const timer = setInterval(() => {
        const choice = {
          index: 0,
          delta: { content: `word${sent} ` },
          finish_reason: sent === 10 ? 'stop' : null,
        };
        response.write(`data: ${JSON.stringify({ id: 'c', model: 'm', choices: [choice] })}\n\n`);
        sent += 1;
        if (sent <= 10) return;
        clearInterval(timer);
        response.end('data: [DONE]\n\n');
      }, 5);
      response.on('close', () => clearInterval(timer));
    });
  });
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
  modelUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
  cwd = tempApp({ 'app.mjs': readFileSync(`${fixtures}/ends/streams.mjs`, 'utf8') }, { openai: 'openai-6' });
});

afterAll(async () => {
  model.closeAllConnections();
  model.close();
  await collector.close();
});

/** Kills the app some time after it has begun; answers with how `respan run` ended. */
function runAndKill(run: number): Promise<NodeJS.Signals | null> {
  const node = run % 2 === 0 ? '20' : '24';
  const child = spawn(nodeBinary(node), [cli, 'run', '--quiet', '--', 'node', 'app.mjs'], {
    cwd,
    env: {
      PATH: pathWith(node),
      MODEL_URL: modelUrl,
      RUN: String(run),
      RESPAN_API_KEY: 'key',
      RESPAN_BASE_URL: collector.url,
      RESPAN_SHUTDOWN_TIMEOUT: '60s',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8').once('data', (text: string) => {
    const pid = Number(/ready (\d+)/.exec(text)![1]);
    setTimeout(() => process.kill(pid, 'SIGKILL'), Math.random() * LONGEST_LIFE_MILLIS);
  });
  return new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
}

it(
  `${KILLS} apps killed while they stream: every span that was started is exported, once`,
  async () => {
    for (let run = 0; run < KILLS; run += AT_ONCE) {
      const runs = Array.from({ length: Math.min(AT_ONCE, KILLS - run) }, (_, i) => runAndKill(run + i));
      for (const signal of await Promise.all(runs)) expect(signal).toBe('SIGKILL');
    }
    const calls = collector.spans().filter(({ name }) => name === 'openai.chat');
    const questions = calls.map(({ attributes }) => String(attributes['gen_ai.prompt.0.content']));
    expect(asked.length).toBeGreaterThan(KILLS);
    // No span twice, and none is missing of what the model was asked. (What was killed on its way to it is one more.)
    expect(new Set(calls.map(({ spanId }) => spanId)).size).toBe(calls.length);
    expect(new Set(questions).size).toBe(questions.length);
    expect(asked.filter((question) => !questions.includes(question))).toEqual([]);
    const interrupted = calls.filter(({ attributes }) => attributes['respan.interrupted_by'] === 'SIGKILL');
    expect(interrupted.length).toBeGreaterThan(0);
    // Whatever is not interrupted has come to its end.
    for (const { attributes } of calls.filter((call) => !interrupted.includes(call)))
      expect(attributes['gen_ai.response.finish_reasons']).toEqual(['stop']);
    console.log(`${KILLS} kills: ${calls.length} calls, ${interrupted.length} of them interrupted`);
  },
  KILLS * 10_000,
);
