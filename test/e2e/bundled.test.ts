import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { startNetProvider } from '../harness/net-provider';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { modelSpans, spanTree } from '../harness/span-tree';

/** openai and @anthropic-ai/sdk with everything inlined: no module hook can see them. */
let folder = '';
beforeAll(async () => {
  folder = placeApp('bundled', ['openai-7', 'anthropic-1']);
  for (const format of ['esm', 'cjs'] as const) {
    await build({
      entryPoints: [join(folder, 'app.mjs')],
      outfile: join(folder, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs'),
      bundle: true,
      minify: true,
      platform: 'node',
      format,
      // As is usual for bundles of ES modules with CommonJS in them.
      ...(format === 'esm' && {
        banner: {
          js: "import { createRequire } from 'module'; const require = createRequire(import.meta.url);",
        },
      }),
    });
  }
});

describe.each([
  { file: 'bundle.mjs', node: '20' },
  { file: 'bundle.cjs', node: '20' },
  { file: 'bundle.mjs', node: '24' },
  { file: 'bundle.cjs', node: '26' },
] as const)('$file on Node $node', ({ file, node }) => {
  it('is traced by its requests, with tokens and content', async () => {
    const [provider, collector] = await Promise.all([startNetProvider(), startCollector()]);
    try {
      const env = { PROVIDER_URL: provider.url, ...exportTo(collector) };
      const bare = await runApp({ app: file, cwd: folder, node, preload: 'none', env });
      const asked = provider.takeRequests();
      const traced = await runApp({ app: file, cwd: folder, node, env });
      expect(bare).toMatchObject({ code: 0, stderr: '' });
      expect(traced).toEqual(bare);
      expect(provider.takeRequests()).toEqual(asked);
      const spans = collector.spans();
      const shown = ['gen_ai.request.stream', 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'];
      expect(spanTree(spans, shown)).toBe(
        [
          'openai.chat gen_ai.usage.input_tokens=11 gen_ai.usage.output_tokens=7',
          '  POST',
          'openai.chat gen_ai.request.stream=true gen_ai.usage.input_tokens=11 gen_ai.usage.output_tokens=7',
          '  POST',
          'anthropic.chat gen_ai.usage.input_tokens=9 gen_ai.usage.output_tokens=6',
          '  POST',
          'anthropic.chat gen_ai.request.stream=true gen_ai.usage.input_tokens=9 gen_ai.usage.output_tokens=6',
          '  POST',
          'openai.chat ERROR',
          '  POST ERROR',
        ].join('\n'),
      );
      for (const { scope, attributes, status } of modelSpans(spans)) {
        expect(scope).toBe('respan.model_http');
        expect(attributes['gen_ai.input.messages']).toMatch(/\[(openai|anthropic)/);
        if (status.code !== 2)
          expect(attributes['gen_ai.output.messages']).toContain('MARK-ANSWER café 日本');
      }
    } finally {
      await Promise.all([provider.close(), collector.close()]);
    }
  });
});
