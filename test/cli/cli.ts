import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { appFolder } from '../harness/app-folder';
import { type NodeName, nodeBinary } from '../harness/nodes';
import { cli } from '../harness/paths';
import { type AppRun, run } from '../harness/run-app';

export interface RespanOptions {
  node?: NodeName;
  cwd?: string;
  env?: Record<string, string | undefined>;
  input?: string;
  /** Another copy of dist/cli.js. */
  entry?: string;
}

/** Runs the command line on a Node release, which is also what `node` stands for in the command it runs. */
export function respan(args: string[], options: RespanOptions = {}): Promise<AppRun> {
  const { node = '20', entry = cli, env, ...rest } = options;
  return run(nodeBinary(node), [entry, ...args], { ...rest, env: { PATH: pathWith(node), ...env } });
}

export function pathWith(node: NodeName, ...folders: string[]): string {
  return [...folders, dirname(nodeBinary(node)), process.env.PATH].join(delimiter);
}

/** A folder of its own with these files, and with SDKs where any are named. */
export function project(files: Record<string, string> = {}, sdks: string[] = []): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'respan-cli-')));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  if (sdks.length > 0)
    symlinkSync(join(appFolder(sdks), 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

export interface MockOpenAI {
  url: string;
  close(): void;
}

/** Answers chat completions; a prompt with `fail` in it gets a 429. */
export async function startMockOpenAI(): Promise<MockOpenAI> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const [status, answer] = body.includes('fail') ? [429, tooMany] : [200, hello];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const tooMany = { error: { message: 'Rate limit reached', type: 'rate_limit' } };
const hello = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'mock-model-2024-07-18',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hi there' } }],
  usage: {
    prompt_tokens: 1204,
    completion_tokens: 31,
    total_tokens: 1235,
    prompt_tokens_details: { cached_tokens: 1024 },
  },
};
