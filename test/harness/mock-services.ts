import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { quickstart } from './quickstart';

/** The quick start's mock of OpenAI and Anthropic. */
export async function startMockServices(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(quickstart, 'aimock.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [url] = await once(child.stdout, 'data');
  return {
    url: String(url).trim(),
    async stop() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
