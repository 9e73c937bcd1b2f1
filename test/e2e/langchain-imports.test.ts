import { describe, it } from 'vitest';
import { placeApp } from '../harness/place-app';
import { runApp } from '../harness/run-app';

/** Everything LangChain and LangGraph export, imported and required in one process, is what it is without respan. */
describe.concurrent.each([
  { sdks: ['langchain-1'], node: '20' },
  { sdks: ['langchain-1', 'langchain-openai-1.6'], node: '24' },
  { sdks: ['langchain-0.3', 'langgraph-0.2'], node: '20' },
  { sdks: ['langchain-0.3', 'langgraph-0.4'], node: '24' },
] as const)('$sdks on Node $node', ({ sdks, node }) => {
  it('exposes the same names, with the same identity', async ({ expect }) => {
    const app = { app: 'imports.mjs', cwd: placeApp('langchain', [...sdks]), node };
    const env = { RESPAN_EXPORTER: 'none' };
    const bare = await runApp({ ...app, preload: 'none' });
    const traced = await runApp({ ...app, env });
    expect(bare).toMatchObject({ code: 0 });
    expect(bare.stdout.split('\n').length).toBeGreaterThan(1000);
    expect(traced).toEqual(bare);
  });
});
