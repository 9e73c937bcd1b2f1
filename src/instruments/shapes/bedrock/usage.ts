import { asDict, asNumber } from '../../genai/read';
import type { Usage } from '../../genai/types';

/** Usage of Converse and of Nova's own bodies. Tokens of the cache are counted beside `inputTokens`. */
export function converseUsage(value: unknown): Usage | undefined {
  const usage = asDict(value);
  if (!usage) return undefined;
  return withCache({
    input: asNumber(usage.inputTokens),
    output: asNumber(usage.outputTokens),
    cacheRead: asNumber(usage.cacheReadInputTokens) ?? asNumber(usage.cacheReadInputTokenCount),
    cacheWrite: asNumber(usage.cacheWriteInputTokens) ?? asNumber(usage.cacheWriteInputTokenCount),
  });
}

/** Bedrock counts cached tokens beside the input; the conventions count them in. */
export function withCache(usage: Usage): Usage {
  const { input, cacheRead, cacheWrite } = usage;
  return { ...usage, input: input === undefined ? undefined : input + (cacheRead ?? 0) + (cacheWrite ?? 0) };
}
