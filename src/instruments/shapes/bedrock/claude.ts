import { asString } from '../../genai/read';
import type { WireOperation } from '../../genai/types';
import { messages, textCompletions } from '../anthropic/operations';
import { BEDROCK } from './base';

/** Anthropic's bodies as they are, but that the model is in the path and the provider is Bedrock. */
function onBedrock(operation: WireOperation): WireOperation {
  return {
    ...operation,
    request: ({ modelId, ...body }, sender) => ({
      ...operation.request(body, sender),
      model: asString(modelId),
      provider: BEDROCK,
    }),
  };
}

export const claude = onBedrock(messages);
export const claudeText = onBedrock(textCompletions);
