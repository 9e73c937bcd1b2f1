import { asDict, asNumber } from '../../genai/read';
import type { Usage } from '../../genai/types';

/** Usage of Chat Completions, completions and embeddings. */
export function chatUsage(value: unknown): Usage | undefined {
  const usage = asDict(value);
  if (!usage) return undefined;
  const input = asDict(usage.prompt_tokens_details);
  const output = asDict(usage.completion_tokens_details);
  return {
    input: asNumber(usage.prompt_tokens),
    output: asNumber(usage.completion_tokens),
    // DeepSeek, Together and Mistral count cache hits beside the details.
    cacheRead:
      asNumber(input?.cached_tokens) ??
      asNumber(usage.prompt_cache_hit_tokens) ??
      asNumber(usage.cached_tokens) ??
      asNumber(usage.num_cached_tokens),
    cacheWrite: asNumber(input?.cache_write_tokens),
    reasoning: asNumber(output?.reasoning_tokens),
    audioInput: asNumber(input?.audio_tokens),
    audioOutput: asNumber(output?.audio_tokens),
  };
}

/** Usage of Responses, images and transcriptions, which count `input` and `output`. */
export function responsesUsage(value: unknown): Usage | undefined {
  const usage = asDict(value);
  if (!usage) return undefined;
  const input = asDict(usage.input_tokens_details) ?? asDict(usage.input_token_details);
  const output = asDict(usage.output_tokens_details);
  return {
    input: asNumber(usage.input_tokens),
    output: asNumber(usage.output_tokens),
    cacheRead: asNumber(input?.cached_tokens),
    cacheWrite: asNumber(input?.cache_write_tokens),
    reasoning: asNumber(output?.reasoning_tokens),
    audioInput: asNumber(input?.audio_tokens),
    imageInput: asNumber(input?.image_tokens),
  };
}
