import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spansOf, startCollector } from '../harness/collector';
import { endsApp, runToEnd } from '../harness/ends';

const TIMEOUT_MILLIS = 500;
/** What a busy machine adds: the start of processes, above all. */
const SLACK_MILLIS = 6_000;

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

let cwd: string;
beforeAll(() => {
  cwd = endsApp();
});

async function tcpServer(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const BACKENDS = {
  async refuses() {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  },
  hangs: () => tcpServer((socket) => void socket.resume()),
  'answers byte by byte': () =>
    tcpServer((socket) => {
      const text = `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Filler: ${'x'.repeat(10_000)}`;
      let at = 0;
      const timer = setInterval(() => socket.write(text[at++ % text.length] as string), 20);
      closing.push(() => clearInterval(timer));
      socket.resume().on('close', () => clearInterval(timer));
    }),
  hangsUp: () => tcpServer((socket) => void socket.once('data', () => socket.destroy())),
};

const TARGETS: Record<string, (url: string) => Record<string, string>> = {
  respan: (url) => ({ RESPAN_API_KEY: 'secret-key', RESPAN_BASE_URL: url }),
  'http/protobuf': (url) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url }),
  grpc: (url) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }),
};

describe.each(Object.keys(BACKENDS) as (keyof typeof BACKENDS)[])('a backend that %s', (backend) => {
  describe.each(Object.keys(TARGETS))('and is reached by %s', (target) => {
    it.concurrent.each([
      ['natural', undefined],
      ['exit', undefined],
      ['signal', 'SIGTERM'],
    ] as const)('costs the end of the app (%s) no more than the bound', async (event, signal) => {
      const port = await BACKENDS[backend]();
      const options = { node: '24' as const, cwd, signal, args: ['app.mjs', event] };
      const env = {
        ...TARGETS[target]!(`http://127.0.0.1:${port}`),
        RESPAN_SHUTDOWN_TIMEOUT: String(TIMEOUT_MILLIS),
      };
      const bare = await runToEnd({ ...options, mode: 'none' });
      for (const mode of ['preload', 'run'] as const) {
        const { millis, stderr, ...seen } = await runToEnd({ ...options, mode, env });
        const { code, signal: killedBy, stdout } = bare;
        expect(seen).toEqual({ code, signal: killedBy, stdout });
        expect(millis).toBeLessThan(TIMEOUT_MILLIS + SLACK_MILLIS);
        expect(stderr).toMatch(
          /^respan: sending spans to .* fails: .*\nrespan: \d+ spans? (is|are) lost .*\n$/,
        );
        expect(stderr).not.toContain('secret-key');
      }
    });
  });
});

describe('what is on its way when the app calls process.exit', () => {
  it.each(['preload', 'run'] as const)('is not sent a second time (%s)', async (mode) => {
    let onFirst = () => {};
    const first = new Promise<void>((resolve) => (onFirst = resolve));
    let taken: string[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        taken.push(Buffer.concat(chunks).toString());
        onFirst();
        setTimeout(() => response.end('{}'), 300);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { ...TARGETS.respan!(url), RESPAN_SHUTDOWN_TIMEOUT: '30s', RESPAN_BATCHING_ENABLED: 'false' };
    const options = { node: '24' as const, cwd, args: ['app.mjs', 'signalExits'], after: first };
    const { millis: _, ...seen } = await runToEnd({ ...options, mode, env, signal: 'SIGTERM' });
    expect(seen).toMatchObject({ code: 0, stderr: '' });
    expect(taken.flatMap(spansOf).map(({ name }) => name)).toEqual(['openai.chat']);
    taken = [];
    server.closeAllConnections();
    server.close();
  });

  it('is sent again where the backend has not taken it', async () => {
    const collector = await startCollector();
    let attempts = 0;
    let onFirst = () => {};
    const first = new Promise<void>((resolve) => (onFirst = resolve));
    // Takes the first one's connection, and hangs up when the app is at its end.
    const port = await tcpServer((socket) => {
      attempts += 1;
      if (attempts > 1) {
        const { port } = new URL(collector.url);
        const { connect } = require('node:net') as typeof import('node:net');
        const through = connect(Number(port), '127.0.0.1');
        socket.pipe(through).pipe(socket);
        return;
      }
      socket.once('data', () => {
        onFirst();
        setTimeout(() => socket.destroy(), 400);
      });
    });
    const env = {
      ...TARGETS.respan!(`http://127.0.0.1:${port}`),
      RESPAN_SHUTDOWN_TIMEOUT: '30s',
      RESPAN_BATCHING_ENABLED: 'false',
    };
    const options = { node: '24' as const, cwd, args: ['app.mjs', 'signalExits'], after: first };
    const { code, stderr } = await runToEnd({ ...options, mode: 'preload', env, signal: 'SIGTERM' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(collector.spans().map(({ name }) => name)).toEqual(['openai.chat']);
    await collector.close();
  });
});

describe('another process', () => {
  it('gets the last spans in its stdin alone, and none of the preload', async () => {
    const collector = await startCollector();
    const seen: { args: string[]; env: string }[] = [];
    const { readFileSync, readdirSync } = await import('node:fs');
    const look = setInterval(() => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
          if (args.some((word) => word.endsWith('last-sender.js')))
            seen.push({ args, env: readFileSync(`/proc/${pid}/environ`, 'utf8') });
        } catch {
          // Gone meanwhile.
        }
      }
    }, 5);
    const env = {
      ...TARGETS.respan!(collector.url),
      RESPAN_SHUTDOWN_TIMEOUT: '30s',
      NODE_OPTIONS: `--require ${JSON.stringify(`${cwd}/mark.cjs`)}`,
      MINE: 'secret-key-of-the-app',
    };
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${cwd}/mark.cjs`, "process.on('exit', () => process.stdout.write('preloaded\\n'));");
    const run = await runToEnd({ node: '24', cwd, mode: 'preload', args: ['app.cjs', 'exit'], env });
    clearInterval(look);
    await collector.close();
    expect(run).toMatchObject({ code: 3, stdout: 'the answer\npreloaded\n', stderr: '' });
    expect(seen.length).toBeGreaterThan(0);
    for (const { args, env } of seen) expect(`${args} ${env}`).not.toMatch(/secret-key|mark\.cjs|RESPAN_/);
    expect(collector.spans()).toHaveLength(1);
  });

  it('is not started where nothing is left to send', async () => {
    const collector = await startCollector();
    const mark = `${cwd}/count.cjs`;
    const { writeFileSync } = await import('node:fs');
    writeFileSync(
      mark,
      `const c = require('node:child_process'); const s = c.spawnSync;
       c.spawnSync = (...args) => { console.log('spawned'); return s(...args); };`,
    );
    const env = { ...TARGETS.respan!(collector.url), RESPAN_SHUTDOWN_TIMEOUT: '30s' };
    const options = { node: '24' as const, cwd, mode: 'preload' as const, env };
    const natural = await runToEnd({ ...options, args: ['--require', mark, 'app.cjs', 'natural'] });
    expect(natural.stdout).toBe('the answer\n');
    const exit = await runToEnd({ ...options, args: ['--require', mark, 'app.cjs', 'exit'] });
    expect(exit.stdout).toBe('the answer\nspawned\n');
    await collector.close();
  });

  it('may be forbidden: that is said, once', async () => {
    const collector = await startCollector();
    const env = { ...TARGETS.respan!(collector.url), RESPAN_SHUTDOWN_TIMEOUT: '30s' };
    const flags = ['--permission', '--allow-fs-read=*', '--allow-net'];
    const args = [...flags, 'app.cjs', 'exit'];
    const bare = await runToEnd({ node: '26', cwd, mode: 'none', args });
    const run = await runToEnd({ node: '26', cwd, mode: 'preload', args, env });
    await collector.close();
    expect(run.code).toBe(bare.code);
    // Node has words of its own about the flags.
    expect(run.stderr.replace(/^\(.*\n/gm, '')).toBe(
      `respan: sending spans to Respan (${collector.url}/api/v2/traces) fails: the process ended, and it may not start another one that sends them (--allow-child-process)\n` +
        'respan: 1 span is lost on its way to Respan: 1 could not be delivered; 0 arrived\n',
    );
  });
});
