import { describe, expect, it } from 'vitest';
import { versionsToRun } from '../harness/app-folder';
import { type CollectedSpan, startCollector } from '../harness/collector';
import type { NodeName } from '../harness/nodes';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { type AppRun, runApp } from '../harness/run-app';

interface Version {
  sdks: string[];
  node: NodeName;
}

/** Runs an app of the fixture: how it ended, and what it exported. */
async function traced(
  { sdks, node }: Version,
  app: string,
  flags: string[] = [],
): Promise<AppRun & { spans: CollectedSpan[] }> {
  const collector = await startCollector();
  try {
    const cwd = placeApp('vercel_ai', sdks);
    const run = await runApp({ app, flags, cwd, node, preload: 'require', env: exportTo(collector) });
    return { ...run, spans: collector.spans() };
  } finally {
    await collector.close();
  }
}

/** Before 7 the SDK reads an answer to its end, whether the app does or not. */
const VERSIONS: Version[] = [
  { sdks: ['ai-7', 'ai-openai-4'], node: '22' },
  { sdks: ['ai-7', 'ai-openai-4'], node: '24' },
  { sdks: ['ai-7', 'ai-openai-4'], node: '26' },
];

describe.concurrent.each(versionsToRun(VERSIONS))('$sdks on Node $node', (version) => {
  it('ends the spans of answers that nobody reads on, though their connections stay open', async () => {
    const { code, stderr, spans: all } = await traced(version, 'dropped.cjs', ['--expose-gc']);
    expect([code, stderr]).toEqual([0, '']);
    const spans = all.filter(({ name }) => /^(openai\.chat|ai\.streamText)$/.test(name));
    // Status 2 would be that the end of the process has interrupted them.
    expect(spans.map(({ name, status }) => `${name} ${status.code ?? 0}`).sort()).toEqual([
      ...Array<string>(3).fill('ai.streamText 0'),
      ...Array<string>(3).fill('openai.chat 0'),
    ]);
    const said = spans.map(({ attributes }) =>
      JSON.stringify(attributes['gen_ai.output.messages'] ?? 'word'),
    );
    expect(said.every((text) => text.includes('word'))).toBe(true);
  });
});

/** In 4 somebody else has to read the stream for its promises to settle. */
const ANSWERING: Version[] = [
  { sdks: ['ai-5', 'ai-openai-2'], node: '20' },
  { sdks: ['ai-6', 'ai-openai-3'], node: '22' },
  { sdks: ['ai-6', 'ai-openai-3'], node: '24' },
  { sdks: ['ai-7', 'ai-openai-4'], node: '24' },
  { sdks: ['ai-7', 'ai-openai-4'], node: '26' },
];

describe.concurrent.each(versionsToRun(ANSWERING))('$sdks on Node $node', (version) => {
  it('an answer that has all come is a whole one, though the process ends at once', async () => {
    const { code, stdout, spans } = await traced(version, 'answered.cjs');
    expect([code, stdout]).toEqual([3, 'Hello\n']);
    const span = spans.find(({ name }) => name === 'ai.streamText')!;
    expect(span.status.code ?? 0).toBe(0);
    expect(span.attributes).not.toHaveProperty('respan.interrupted');
    expect(span.attributes['traceloop.entity.output']).toContain('Hello');
  });

  it('an error that the answer has told is what went wrong, though the process ends at once', async () => {
    const { code, stdout, spans: all } = await traced(version, 'told-error.cjs');
    expect([code, stdout]).toEqual([3, 'no more\n']);
    const spans = all.filter(({ name }) => /^(openai\.chat|ai\.streamText)$/.test(name));
    expect(spans).toHaveLength(2);
    for (const { attributes, status } of spans) {
      expect(attributes).not.toHaveProperty('respan.interrupted');
      expect(status).toEqual({ code: 2, message: expect.stringContaining('no more') });
    }
  });
});
