import { describe, expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { startRagProvider, type Tokens } from '../harness/rag-provider';
import { runApp } from '../harness/run-app';

/**
 * A framework, a client library inside it and the HTTP net below may all see the same call. Whatever of them is
 * switched off, the tokens of all spans add up to what the provider says it has sent; and to nothing where nobody is to
 * tell of it.
 */
const VERSIONS = [
  { sdk: 'llamaindex-0.12', app: 'app.mjs', node: '24' },
  { sdk: 'llamaindex-0.9', app: 'app.cjs', node: '20' },
] as const;

const BLOCKED = [
  { blocked: undefined, scopes: ['respan.openai'], counts: ['chat', 'embeddings'] },
  // LlamaIndex hands on the vectors alone: what they have used only the client is told.
  { blocked: 'openai', scopes: ['respan.llama_index'], counts: ['chat'] },
  { blocked: 'llama_index', scopes: ['respan.openai'], counts: ['chat', 'embeddings'] },
  { blocked: 'llama_index,openai', scopes: [], counts: [] },
] as const;

describe.each(VERSIONS)('tokens of $sdk with openai inside', ({ sdk, app, node }) => {
  it.each(BLOCKED)(
    'are counted once without $blocked',
    async ({ blocked, scopes, counts }) => {
      const [provider, collector] = await Promise.all([startRagProvider(), startCollector()]);
      try {
        const run = await runApp({
          app,
          node,
          cwd: placeApp('counted-once', [sdk]),
          env: { PROVIDER_URL: provider.url, ...exportTo(collector), RESPAN_BLOCK_INSTRUMENTS: blocked },
          timeoutMillis: 120_000,
        });
        expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
        const sent = provider.takeTokens();
        expect(sent.chat.input).toBeGreaterThan(0);
        expect(sent.embeddings.input).toBeGreaterThan(0);

        const counted = collector.spans().filter(hasTokens);
        expect(sumOf(counted.map(tokensOf))).toEqual(sumOf(counts.map((kind) => sent[kind])));
        expect([...new Set(counted.map(({ scope }) => scope))]).toEqual(scopes);
      } finally {
        await Promise.all([provider.close(), collector.close()]);
      }
    },
    240_000,
  );
});

const tokensOf = ({ attributes }: CollectedSpan): Tokens => ({
  input: Number(attributes['gen_ai.usage.input_tokens'] ?? 0),
  output: Number(attributes['gen_ai.usage.output_tokens'] ?? 0),
});

const hasTokens = ({ attributes }: CollectedSpan): boolean =>
  Object.keys(attributes).some((name) => name.startsWith('gen_ai.usage.'));

const sumOf = (all: Tokens[]): Tokens => ({
  input: all.reduce((sum, { input }) => sum + input, 0),
  output: all.reduce((sum, { output }) => sum + output, 0),
});
