import { describe, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { startMistralProvider } from '../harness/mistral-provider';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';
import { tempApp } from '../harness/temp-app';

/** The packages for other clouds are made like the one for Mistral's own. */
const calls = `
  const { MistralAzure } = sdk;
  const client = new MistralAzure({ apiKey: 'key-test', endpoint: process.env.PROVIDER_URL });
  const messages = [{ role: 'user', content: 'MARK-PROMPT' }];
  (async () => {
    await client.chat.complete({ model: 'chat-1', messages });
    for await (const _ of await client.chat.stream({ model: 'chat-1', messages }));
  })();
`;
const folder = tempApp(
  {
    'app.mjs': `import * as sdk from '@mistralai/mistralai-azure';${calls}`,
    'app.cjs': `const sdk = require('@mistralai/mistralai-azure');${calls}`,
  },
  { '@mistralai/mistralai-azure': 'mistral-azure-2' },
);

describe('@mistralai/mistralai-azure', () => {
  it.each([
    ['app.mjs', '20'],
    ['app.cjs', '20'],
    ['app.mjs', '24'],
    ['app.cjs', '24'],
  ] as const)('is traced: %s on Node %s', async (app, node) => {
    const [provider, collector] = await Promise.all([startMistralProvider(), startCollector()]);
    try {
      const env = { PROVIDER_URL: provider.url, ...exportTo(collector) };
      expect(await runApp({ app, node, cwd: folder, env })).toMatchObject({ code: 0, stderr: '' });
      expect(modelSpans(collector.spans()).map(({ attributes }) => attributes)).toEqual([
        expect.objectContaining({ 'gen_ai.request.model': 'chat-1', 'gen_ai.usage.output_tokens': 9 }),
        expect.objectContaining({ 'gen_ai.request.stream': true, 'gen_ai.usage.output_tokens': 9 }),
      ]);
    } finally {
      await Promise.all([provider.close(), collector.close()]);
    }
  });
});
