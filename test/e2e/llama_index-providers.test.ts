import { LLMock } from '@copilotkit/aimock';
import { describe, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { startMistralProvider } from '../harness/mistral-provider';
import { startOllamaProvider } from '../harness/ollama-provider';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { spanTree, withoutHttp } from '../harness/span-tree';

/** The packages with which LlamaIndex asks other vendors: an answer and a stream each, and its tokens once. */
const SDKS = ['anthropic-0.3', 'google-0.4', 'mistral-0.1', 'ollama-0.1'].map((name) => `llamaindex-${name}`);

const TOKENS = ['gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'];
const tokens = (input: number, output: number): string =>
  ` gen_ai.usage.input_tokens=${input} gen_ai.usage.output_tokens=${output}`;
const CLIENTS = {
  'anthropic.chat': tokens(21, 9),
  'google_generativeai.generate_content': tokens(21, 9),
  'mistral.chat': tokens(21, 9),
  'ollama.chat': tokens(26, 12),
};

const WITH_CLIENTS = Object.entries(CLIENTS).flatMap(([client, used]) => {
  const call = ['llama_index.chat', `  ${client}${used}`];
  return [...call, ...call];
});
/** Of a stream of theirs LlamaIndex hands on the text alone. */
const TEXT_ALONE = ['anthropic.chat', 'mistral.chat'];
const WITHOUT_CLIENTS = Object.entries(CLIENTS).flatMap(([client, used]) => [
  `llama_index.chat${used}`,
  `llama_index.chat${TEXT_ALONE.includes(client) ? '' : used}`,
]);

describe.concurrent.each([
  { app: 'app.mjs', node: '20', blocked: undefined, tree: WITH_CLIENTS },
  { app: 'app.cjs', node: '24', blocked: undefined, tree: WITH_CLIENTS },
  {
    app: 'app.mjs',
    node: '24',
    blocked: 'anthropic,google_generativeai,mistral,ollama',
    tree: WITHOUT_CLIENTS,
  },
] as const)('$app on Node $node without $blocked', ({ app, node, blocked, tree }) => {
  it('has a span for each, with its tokens once', async ({ expect }) => {
    const mock = new LLMock({ port: 0, host: '127.0.0.1' });
    const usage = { input_tokens: 21, output_tokens: 9, prompt_tokens: 21, completion_tokens: 9 };
    mock.onMessage(/./, { content: 'MARK-ANSWER', usage });
    await mock.start();
    const [collector, ollama, mistral] = await Promise.all([
      startCollector(),
      startOllamaProvider(),
      startMistralProvider(),
    ]);
    try {
      const how = { app, node, cwd: placeApp('llamaindex-providers', SDKS) };
      const env = { PROVIDER_URL: mock.url, OLLAMA_URL: ollama.url, MISTRAL_URL: mistral.url };
      const bare = await runApp({ ...how, env, preload: 'none' });
      const traced = await runApp({
        ...how,
        env: { ...env, ...exportTo(collector), RESPAN_BLOCK_INSTRUMENTS: blocked },
      });
      expect(bare).toMatchObject({ code: 0, stderr: '' });
      expect(bare.stdout.match(/MARK-ANSWER/g)).toHaveLength(8);
      expect(traced).toEqual(bare);
      expect(spanTree(withoutHttp(collector.spans()), TOKENS).split('\n')).toEqual(tree);
    } finally {
      await Promise.all([mock.stop(), collector.close(), ollama.close(), mistral.close()]);
    }
  });
});
