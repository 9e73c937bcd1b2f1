import type { Attributes } from '../../telemetry/api';
import type { SpanStep } from '../../telemetry/pipeline';
import { ATTR } from './attributes';
import { costOf } from './cost';

/** Prices a model span from its own attributes, whoever made it, unless it has a price already. */
export const addCost: SpanStep = (span) => {
  const { attributes } = span;
  const provider = attributes[ATTR.providerName];
  if (typeof provider !== 'string' || attributes[ATTR.cost] !== undefined) return;
  const models = [text(attributes, ATTR.responseModel), text(attributes, ATTR.requestModel)];
  const usage = {
    input: count(attributes, ATTR.inputTokens),
    output: count(attributes, ATTR.outputTokens),
    cacheRead: count(attributes, ATTR.cacheReadTokens),
    cacheWrite: count(attributes, ATTR.cacheWriteTokens),
    audioInput: count(attributes, ATTR.audioInputTokens),
    audioOutput: count(attributes, ATTR.audioOutputTokens),
  };
  // The router of Hugging Face takes what the one behind it takes.
  const routed = text(attributes, ATTR.huggingFaceProvider);
  const seller = provider === 'huggingface' && routed ? `huggingface_${routed}` : provider;
  const cost = costOf(seller, models, usage, new Date(span.startTime[0] * 1000));
  if (cost !== undefined) attributes[ATTR.cost] = cost;
};

function text(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === 'string' ? value : undefined;
}

function count(attributes: Attributes, name: string): number | undefined {
  const value = attributes[name];
  return typeof value === 'number' ? value : undefined;
}
