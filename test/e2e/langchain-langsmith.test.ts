import { expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { placeApp } from '../harness/place-app';
import { json, startProviderServer } from '../harness/provider-server';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';

/** LangChain's own tracing goes on beside ours; what it sends is no part of the trace, and leaves as it is. */
it.each([
  { sdks: ['langchain-1'], background: 'true' },
  { sdks: ['langchain-0.3', 'langgraph-0.2'], background: 'false' },
])('LangSmith gets its runs, with callbacks in the background: $background', async ({ sdks, background }) => {
  const langsmith = await startProviderServer(({ path }, response) =>
    json(response, 200, path.endsWith('/info') ? { version: '0.10.0', batch_ingest_config: {} } : {}),
  );
  const collector = await startCollector();
  try {
    const run = await runApp({
      app: 'langsmith.mjs',
      cwd: placeApp('langchain', sdks),
      env: {
        ...exportTo(collector),
        LANGSMITH_TRACING: 'true',
        LANGSMITH_ENDPOINT: langsmith.url,
        LANGSMITH_API_KEY: 'ls-test',
        LANGCHAIN_CALLBACKS_BACKGROUND: background,
      },
    });
    expect(run).toMatchObject({ code: 0, stdout: 'hello!\n', stderr: '' });
    const requests = langsmith.takeRequests().join('\n');
    for (const name of ['RunnableSequence', 'RunnableLambda']) expect(requests).toContain(name);
    expect(requests).not.toMatch(/traceparent/i);
    expect(spanTree(collector.spans())).toBe('RunnableSequence.workflow\n  first.task\n  second.task');
  } finally {
    await Promise.all([langsmith.close(), collector.close()]);
  }
});
