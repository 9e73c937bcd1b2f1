import { expect, it } from 'vitest';
import { startChromaProvider } from '../harness/chroma-provider';
import { startCollector } from '../harness/collector';
import { startOpenAIProvider } from '../harness/openai-provider';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';

/** What a vector store's client does for a call is below the call: embedding by a model, and the requests of both. */
it.each([
  { app: 'app.mjs', node: '20' },
  { app: 'app.cjs', node: '24' },
] as const)('embeddings and requests are children of the call ($app, Node $node)', async ({ app, node }) => {
  const [chroma, openai, collector] = await Promise.all([
    startChromaProvider(),
    startOpenAIProvider(),
    startCollector(),
  ]);
  try {
    const run = await runApp({
      app,
      node,
      cwd: placeApp('chroma-openai', ['chromadb-3', 'openai-6']),
      env: { ...exportTo(collector), CHROMA_URL: chroma.url, OPENAI_URL: openai.url },
    });
    expect(run).toMatchObject({ code: 0, stderr: '', stdout: 'MARK-DOCUMENT\n' });
    expect(spanTree(collector.spans(), ['server.port']).replace(/ server.port=\d+/g, '')).toBe(
      [
        'chroma.create_collection',
        '  POST',
        'chroma.add',
        '  GET',
        '  openai.embeddings',
        '    POST',
        '  POST',
        'chroma.query',
        '  openai.embeddings',
        '    POST',
        '  POST',
      ].join('\n'),
    );
    const requests = [...chroma.takeRequests(), ...openai.takeRequests()];
    expect(requests.join('\n')).not.toMatch(/traceparent/i);
  } finally {
    await Promise.all([chroma.close(), openai.close(), collector.close()]);
  }
});
