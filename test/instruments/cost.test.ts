import { createRequire } from 'node:module';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import { root } from '../harness/paths';

// The built chunk: what is tested is also how the build takes the price lists apart.
const { costOf } = createRequire(import.meta.url)(
  `${root}/dist/model-calls.js`,
) as typeof import('../../src/instruments/genai/cost');

const at = new Date('2026-11-22T12:00:00Z');
const lists: [ours: string, theirs: string][] = [
  ['openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['gcp.gemini', 'google'],
  ['aws.bedrock', 'aws'],
  ['azure.ai.openai', 'azure'],
  ['x_ai', 'x-ai'],
  ['deepseek', 'deepseek'],
  ['mistral_ai', 'mistral'],
  ['groq', 'groq'],
  ['openrouter', 'openrouter'],
];

describe.each(lists)('the prices of %s', (ours, theirs) => {
  const { models } = findProvider({ providerId: theirs })!;

  it.each([
    { input: 1200, output: 340 },
    { input: 900_000, output: 12, cacheRead: 500_000 },
    { input: 5000, output: 100, cacheRead: 1000, cacheWrite: 2000 },
  ])('are those of genai-prices for %j', (usage) => {
    expect(models.length).toBeGreaterThan(0);
    for (const { id } of models) {
      let expected: number | undefined;
      try {
        const counts = {
          input_tokens: usage.input,
          output_tokens: usage.output,
          ...(usage.cacheRead && { cache_read_tokens: usage.cacheRead }),
          ...(usage.cacheWrite && { cache_write_tokens: usage.cacheWrite }),
        };
        expected = calcPrice(counts, id, { providerId: theirs, timestamp: at })?.total_price;
      } catch {
        continue; // a list that cannot price this usage at all
      }
      // Twice: the second answer comes from the cut-down list.
      for (const round of [1, 2]) {
        const cost = costOf(ours, [id], usage, at);
        if (expected === undefined) expect(cost, `${id}, round ${round}`).toBeUndefined();
        else expect(cost, `${id}, round ${round}`).toBeCloseTo(expected, 9);
      }
    }
  });
});

describe('costOf', () => {
  it('falls back to the model that was asked for', () => {
    expect(costOf('openai', ['my-fine-tune', 'gpt-4o-mini'], { input: 1000, output: 100 }, at)).toBeCloseTo(
      0.00021,
    );
  });

  it('knows no price for an unknown model, an unknown provider, or no tokens', () => {
    expect(costOf('openai', ['nobody-knows-me'], { input: 1 }, at)).toBeUndefined();
    expect(costOf('nobody', ['gpt-4o'], { input: 1 }, at)).toBeUndefined();
    expect(costOf('constructor', ['gpt-4o'], { input: 1 }, at)).toBeUndefined();
    expect(costOf('openai', ['gpt-4o'], {}, at)).toBeUndefined();
    expect(costOf('openai', [undefined], { input: 1 }, at)).toBeUndefined();
  });

  // Found by the fuzzer (openai, seed 296; openai_agents, seed 83).
  it.each([
    { input: -1, output: 1 },
    { output: 1, cacheRead: 5 },
    { input: 10, output: 1, cacheRead: 11 },
  ])('has no price for counts that cannot be: %j', (usage) => {
    expect(costOf('openai', ['gpt-4o'], usage, at)).toBeUndefined();
  });

  it('costs nothing where nothing was used', () => {
    expect(costOf('openai', ['gpt-4o'], { input: 0, output: 0 }, at)).toBe(0);
  });
});

describe('the price of a model of Bedrock', () => {
  const usage = { input: 1_000_000, output: 0 };
  const price = (...models: string[]) => costOf('aws.bedrock', models, usage, at);
  const arn = (name: string) => `arn:aws:bedrock:us-east-1:123456789012:${name}`;

  it('is found by the last part of an ARN, where that is the model', () => {
    const profile = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
    expect(price('', arn(`inference-profile/${profile}`))).toBe(price('', profile));
    expect(price('', arn('foundation-model/amazon.nova-lite-v1:0'))).toBe(0.06);
    expect(price('', arn('application-inference-profile/abc123'))).toBeUndefined();
    // Priced by the hour, whatever it is made of.
    expect(price('', arn('custom-model/amazon.titan-text-express-v1:0:8k/abc123'))).toBeUndefined();
  });

  it('is that of the profile that was asked for, not of what the model calls itself', () => {
    const asked = 'global.anthropic.claude-sonnet-4-5-20250929-v1:0';
    expect(price('claude-sonnet-4-5-20250929', asked)).toBe(price('', asked));
    expect(price('claude-sonnet-4-5-20250929', arn('application-inference-profile/a'))).toBeGreaterThan(
      price('', asked) ?? Infinity,
    );
  });
});
