import { asDict, asNumber, type Dict } from '../../genai/read';
import type { Usage } from '../../genai/types';

/** Tokens of a language model's answer, V1 to V4; `metadata` is what the provider adds (`providerMetadata`). */
export function usageOf(usage: unknown, metadata: unknown): Usage | undefined {
  const given = asDict(usage);
  if (!given) return undefined;
  const input = asDict(given.inputTokens);
  const output = asDict(given.outputTokens);
  if (input || output) {
    return {
      input: asNumber(input?.total),
      output: asNumber(output?.total),
      cacheRead: asNumber(input?.cacheRead),
      cacheWrite: asNumber(input?.cacheWrite),
      reasoning: asNumber(output?.reasoning),
    };
  }
  return flatUsage(given, asDict(metadata) ?? {});
}

/** V1 has no words for cached and reasoning tokens; V2 none for those written to a cache. */
function flatUsage(usage: Dict, metadata: Dict): Usage {
  const openai = asDict(metadata.openai);
  const anthropic = asDict(metadata.anthropic);
  const bedrock = asDict(asDict(metadata.bedrock)?.usage);
  const cacheRead =
    asNumber(usage.cachedInputTokens) ??
    asNumber(openai?.cachedPromptTokens) ??
    asNumber(anthropic?.cacheReadInputTokens) ??
    asNumber(bedrock?.cacheReadInputTokens);
  const cacheWrite =
    asNumber(anthropic?.cacheCreationInputTokens) ?? asNumber(bedrock?.cacheWriteInputTokens);
  const input = asNumber(usage.inputTokens) ?? asNumber(usage.promptTokens);
  // Anthropic, wherever it runs, counts what is cached beside the input.
  const isBeside = anthropic !== undefined || bedrock !== undefined;
  return {
    input: input !== undefined && isBeside ? input + (cacheRead ?? 0) + (cacheWrite ?? 0) : input,
    output: asNumber(usage.outputTokens) ?? asNumber(usage.completionTokens),
    cacheRead,
    cacheWrite,
    reasoning: asNumber(usage.reasoningTokens) ?? asNumber(openai?.reasoningTokens),
  };
}

/** `{ unified, raw }` from V3 on. In the spelling of the conventions, whatever the provider's is. */
export function finishReasonOf(reason: unknown): string | undefined {
  const unified = asDict(reason)?.unified ?? reason;
  return typeof unified === 'string' ? unified.replaceAll('-', '_') : undefined;
}
