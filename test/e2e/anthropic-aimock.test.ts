import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { placeApp } from '../harness/place-app';
import { runApp } from '../harness/run-app';
import { modelSpans } from '../harness/span-tree';
import { SDKS } from './anthropic-app';

/** A server that others wrote: what we know of the API is not only what we put into our own. */
const mock = new LLMock({ port: 0 });

beforeAll(async () => {
  mock.onMessage(/create|stream|helper/, { content: 'ANSWER of aimock' });
  await mock.start();
});
afterAll(() => mock.stop());

it.each(SDKS)('calls, streams and the helper against aimock: %s', async (sdk) => {
  const collector = await startCollector();
  const run = await runApp({
    app: 'table.mjs',
    cwd: placeApp('anthropic', [`anthropic-${sdk}`]),
    env: {
      ANTHROPIC_BASE_URL: mock.url,
      ANTHROPIC_API_KEY: 'key',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      ROWS: 'create,stream,helper,beta-create',
    },
  });
  await collector.close();
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  const { transcript } = JSON.parse(run.stdout) as {
    transcript: { create: { id: string; usage: { input_tokens: number; output_tokens: number } } };
  };
  const spans = modelSpans(collector.spans());
  expect(spans.map(({ attributes }) => attributes['gen_ai.output.messages'])).toEqual(
    Array(4).fill(
      '[{"role":"assistant","parts":[{"type":"text","content":"ANSWER of aimock"}],"finish_reason":"end_turn"}]',
    ),
  );
  const { usage, id } = transcript.create;
  expect(spans[0]?.attributes).toMatchObject({
    'gen_ai.response.id': id,
    'gen_ai.usage.input_tokens': usage.input_tokens,
    'gen_ai.usage.output_tokens': usage.output_tokens,
  });
});
