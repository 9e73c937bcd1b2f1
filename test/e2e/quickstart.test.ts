import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { spansOf } from '../harness/collector';
import { NODES, nodeBinary } from '../harness/nodes';
import { cli, root } from '../harness/paths';
import { installQuickstart, quickstart } from '../harness/quickstart';
import { run, runApp } from '../harness/run-app';
import { modelSpans, spanTree } from '../harness/span-tree';

const app = join(quickstart, 'app.mjs');

let traces: string;
beforeAll(installQuickstart);
beforeEach(() => {
  traces = mkdtempSync(join(tmpdir(), 'respan-quickstart-'));
});
afterEach(() => rmSync(traces, { recursive: true }));

function collected() {
  return readdirSync(traces).flatMap((file) => spansOf(readFileSync(join(traces, file), 'utf8')));
}

/** The mock's port is the system's to choose. */
const withoutPort = (text: string) => text.replace(/127\.0\.0\.1:\d+/, '127.0.0.1');

describe.each(NODES)('quick start on Node %s', (node) => {
  it('is traced whole, and nothing of the mock is', async () => {
    const traced = await runApp({
      app,
      node,
      preload: 'node-options',
      env: { RESPAN_EXPORTER: 'file', RESPAN_TRACES_DIR: traces },
    });
    expect(traced).toMatchObject({ code: 0, stderr: '' });
    const shown = ['gen_ai.request.model', 'gen_ai.request.max_tokens'];
    expect(spanTree(modelSpans(collected()), shown)).toMatchInlineSnapshot(`
      "openai.chat gen_ai.request.model="gpt-3.5-turbo" gen_ai.request.max_tokens=100
      openai.embeddings gen_ai.request.model="text-embedding-3-small"
      openai.chat gen_ai.request.model="gpt-3.5-turbo"
      openai.chat gen_ai.request.model="gpt-3.5-turbo"
      openai.chat gen_ai.request.model="gpt-3.5-turbo" gen_ai.request.max_tokens=10
      openai.chat gen_ai.request.model="gpt-3.5-turbo" gen_ai.request.max_tokens=5
      openai.chat gen_ai.request.model="gpt-3.5-turbo" gen_ai.request.max_tokens=10
      anthropic.chat gen_ai.request.model="claude-3-5-sonnet-20240620" gen_ai.request.max_tokens=100"
    `);
    expect(collected().filter(({ kind }) => kind === 2)).toEqual([]);

    const bare = await runApp({ app, node, preload: 'none' });
    expect(withoutPort(traced.stdout)).toBe(withoutPort(bare.stdout));
  });
});

describe('the README’s first command', () => {
  it('ends with the printed trace tree', async () => {
    const { code, stderr } = await run(nodeBinary('24'), [cli, 'run', '--', nodeBinary('24'), app], {
      cwd: root,
      env: { RESPAN_TRACES_DIR: traces },
    });
    expect(code).toBe(0);
    expect(stderr.match(/openai\.chat/g)).toHaveLength(6);
    expect(stderr.match(/openai\.embeddings/g)).toHaveLength(1);
    expect(stderr.match(/anthropic\.chat/g)).toHaveLength(1);
  });
});
