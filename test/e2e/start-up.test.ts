import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelApp } from '../harness/model-app';
import { NODES } from '../harness/nodes';
import { fixtures, root } from '../harness/paths';
import { runApp } from '../harness/run-app';
import { tempApp } from '../harness/temp-app';

describe.each(NODES)('Node %s', (node) => {
  it('reads the tracing SDK when something is traced, or when there is nothing else to do', async () => {
    const folder = tempApp(
      { 'app.cjs': readFileSync(`${fixtures}/start-up/loads.cjs`, 'utf8') },
      { openai: 'openai-5' },
    );
    const run = await runApp({
      app: 'app.cjs',
      cwd: folder,
      node,
      env: { DIST: join(root, 'dist'), RESPAN_EXPORTER: 'file' },
    });
    expect(run.stderr).toBe('');
    const [atFirst, later] = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as string[]);
    const ofOlderNodes = ['older-hooks.js'];
    expect(atFirst!.filter((file) => !ofOlderNodes.includes(file)).sort()).toEqual([
      'before-tracing.js',
      'core.js',
      'kit.js',
      'register.js',
    ]);
    expect(later).toContain('telemetry.js');
  });

  it('has no global after the first span that was not there before the app', async () => {
    const folder = tempApp({
      'app.cjs': `
        const before = Reflect.ownKeys(globalThis);
        const { createServer, get } = require('http');
        const server = createServer((_, response) => response.end('x')).listen(0, () =>
          get({ port: server.address().port }, (answer) => {
            answer.resume().on('end', () => setImmediate(() => {
              const added = Reflect.ownKeys(globalThis).filter((key) => !before.includes(key)).map(String);
              const shown = Object.keys(globalThis).filter((key) => !before.includes(key));
              console.log(JSON.stringify({ added, shown }));
              server.close();
            }));
          }),
        );`,
    });
    const [run, bare] = await Promise.all([
      runApp({ app: 'app.cjs', cwd: folder, node, env: { RESPAN_EXPORTER: 'console' } }),
      runApp({ app: 'app.cjs', cwd: folder, node, preload: 'none' }),
    ]);
    expect(run.stderr).toContain('"name":"GET"');
    expect(run.stdout).toBe(bare.stdout);
    expect(bare.stdout).toContain('"added":[]');
  });

  it('has the settings the process was started with, where the app clears them before it calls', async () => {
    const folder = modelApp();
    const app = readFileSync(join(folder, 'app.mjs'), 'utf8');
    const clearing = `for (const name in process.env) if (name.startsWith('RESPAN_')) delete process.env[name];\n`;
    const cleared = tempApp({ 'app.mjs': clearing + app }, { openai: 'openai-5' });
    const env = { RESPAN_EXPORTER: 'file', RESPAN_TRACES_DIR: 'traces' };
    const run = await runApp({ app: 'app.mjs', cwd: cleared, node, env });
    expect(run.stderr).toBe('');
    expect(readdirSync(join(cleared, 'traces'))).toHaveLength(1);
  });

  it('writes to a folder beside what was started, where the app goes elsewhere before it calls', async () => {
    const folder = modelApp();
    const elsewhere = tempApp({});
    const app = readFileSync(join(folder, 'app.mjs'), 'utf8');
    const start = tempApp(
      { 'app.mjs': `process.chdir(${JSON.stringify(elsewhere)});\n${app}` },
      { openai: 'openai-5' },
    );
    const run = await runApp({
      app: 'app.mjs',
      cwd: start,
      node,
      env: { RESPAN_EXPORTER: 'file', RESPAN_TRACES_DIR: 'traces' },
    });
    expect(run.stderr).toBe('');
    expect(readdirSync(join(start, 'traces'))).toHaveLength(1);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});
