import { fork } from 'node:child_process';
import { Agent, get } from 'node:http';
import { type Mood, type MoodyCollector, startMoodyCollector } from './moody-collector';
import { register } from './paths';

export interface LoadOptions {
  calls: number;
  /** In turn, from the first call to the last; the backend ends well. */
  moods: { mood: Mood; millis: number }[];
  cwd: string;
  app: string;
  execPath?: string;
  env?: Record<string, string>;
}

export interface LoadResult {
  /** What the app says of itself. */
  app: { calls: number; heap: { calls: number; heapMB: number }[]; slowest: number; rssMB: number };
  stderr: string;
  code: number | null;
  seconds: number;
  exitMillis: number;
  collector: MoodyCollector;
}

const CONCURRENT = 16;

/** Asks a traced web app for model calls at full speed, while its backend goes from one mood to the next. */
export async function runLoad({ calls, moods, cwd, app, execPath, env }: LoadOptions): Promise<LoadResult> {
  const collector = await startMoodyCollector();
  const child = fork(app, {
    cwd,
    execPath,
    execArgv: ['--expose-gc', '--require', register],
    silent: true,
    env: {
      PATH: process.env.PATH,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      RESPAN_INSTRUMENTS: 'openai,requests',
      ...env,
    },
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = new Promise<number | null>((resolve) => void child.on('exit', resolve));
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { port: number }));
    child.once('exit', (code) => reject(new Error(`the app ended with ${code}: ${stderr}`)));
  });

  let turn = 0;
  let timer: NodeJS.Timeout;
  const nextMood = () => {
    const { mood, millis } = moods[turn++ % moods.length]!;
    collector.mood = mood;
    timer = setTimeout(nextMood, millis);
  };
  nextMood();
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT });
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const request = get({ host: '127.0.0.1', port, path, agent }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () => resolve(body));
      });
      request.on('error', reject);
    });
  const started = performance.now();
  let left = calls;
  await Promise.all(
    Array.from({ length: CONCURRENT }, async () => {
      while (left-- > 0) await ask('/');
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  clearTimeout(timer!);
  collector.mood = { kind: 'ok' };
  // What is left arrives when the queue asks the backend again. A safety net, not a measure.
  let giveUp: NodeJS.Timeout;
  const enough = new Promise<void>((resolve) => {
    giveUp = setTimeout(resolve, 60_000);
  });
  await Promise.race([collector.until(() => collector.taken.size + collector.rejected >= 2 * calls), enough]);
  clearTimeout(giveUp!);
  const said = JSON.parse(await ask('/end')) as LoadResult['app'];
  agent.destroy();
  child.disconnect();
  const ending = performance.now();
  const code = await exited;
  return { app: said, stderr, code, seconds, exitMillis: performance.now() - ending, collector };
}
