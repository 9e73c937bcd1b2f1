import { describe, expect, it } from 'vitest';
import { sdksToRun } from '../harness/app-folder';
import { startCollector } from '../harness/collector';
import { startMistralProvider } from '../harness/mistral-provider';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';
import { keepSupportRecords } from '../harness/support-record';
import { tempApp } from '../harness/temp-app';

/** The packages for other clouds are made like the one for Mistral's own. */
const CLOUDS: Record<string, { name: string; client: string }> = {
  'mistral-azure-2': {
    name: '@mistralai/mistralai-azure',
    client: `new sdk.MistralAzure({ apiKey: 'key-test', endpoint: process.env.PROVIDER_URL })`,
  },
  // Google's host is built in.
  'mistral-gcp-2': {
    name: '@mistralai/mistralai-gcp',
    client: `new sdk.MistralGCP({ apiKey: 'key-test', projectId: 'project', httpClient: new sdk.HTTPClient({
      fetcher: (request) => fetch(new Request(process.env.PROVIDER_URL + '/v1/chat/completions', request)),
    }) })`,
  },
};

const callsOf = (client: string): string => `
  const client = ${client};
  const messages = [{ role: 'user', content: 'MARK-PROMPT' }];
  (async () => {
    await client.chat.complete({ model: 'chat-1', messages });
    for await (const _ of await client.chat.stream({ model: 'chat-1', messages }));
  })();
`;
const support = keepSupportRecords();
const SDKS = sdksToRun(Object.keys(CLOUDS));

describe.each(SDKS)('%s', (sdk) => {
  const { name, client } = CLOUDS[sdk]!;
  const folder = tempApp(
    {
      'app.mjs': `import * as sdk from '${name}';${callsOf(client)}`,
      'app.cjs': `const sdk = require('${name}');${callsOf(client)}`,
    },
    { [name]: sdk },
  );

  it.each([
    ['mjs', '20'],
    ['cjs', '20'],
    ['mjs', '24'],
    ['cjs', '24'],
  ] as const)('is traced: %s on Node %s', async (format, node) => {
    const [provider, collector] = await Promise.all([startMistralProvider(), startCollector()]);
    try {
      const env = { PROVIDER_URL: provider.url, ...exportTo(collector) };
      expect(await runApp({ app: `app.${format}`, node, cwd: folder, env })).toMatchObject({
        code: 0,
        stderr: '',
      });
      const spans = modelSpans(collector.spans());
      expect(spans.map(({ attributes }) => attributes)).toEqual([
        expect.objectContaining({ 'gen_ai.request.model': 'chat-1', 'gen_ai.usage.output_tokens': 9 }),
        expect.objectContaining({ 'gen_ai.request.stream': true, 'gen_ai.usage.output_tokens': 9 }),
      ]);
      support.saw(sdk, { format, node, spans });
    } finally {
      await Promise.all([provider.close(), collector.close()]);
    }
  });
});

support.describeRecords(SDKS, () => 4);
