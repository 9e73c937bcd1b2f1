import { ATTR } from './attributes';
import { toJson } from './json';
import type { ModelRequest, ModelResponse, Usage } from './types';

export type AttributeValue = string | number | boolean | string[];
export type Attributes = Record<string, AttributeValue>;

/** Span attributes of a request; `content: false` leaves out everything the user or the model wrote. */
export function requestAttributes(request: ModelRequest, content: boolean): Attributes {
  return defined({
    [ATTR.operationName]: request.operation,
    [ATTR.providerName]: request.provider,
    [ATTR.requestModel]: request.model,
    [ATTR.serverAddress]: request.serverAddress,
    [ATTR.serverPort]: request.serverPort,
    [ATTR.requestStream]: request.stream,
    [ATTR.temperature]: request.temperature,
    [ATTR.topP]: request.topP,
    [ATTR.topK]: request.topK,
    [ATTR.maxTokens]: request.maxTokens,
    [ATTR.frequencyPenalty]: request.frequencyPenalty,
    [ATTR.presencePenalty]: request.presencePenalty,
    [ATTR.seed]: request.seed,
    [ATTR.stopSequences]: request.stopSequences,
    [ATTR.choiceCount]: request.choiceCount === 1 ? undefined : request.choiceCount,
    [ATTR.encodingFormats]: request.encodingFormats,
    [ATTR.embeddingsDimensions]: request.dimensions,
    [ATTR.outputType]: request.outputType,
    [ATTR.reasoningEffort]: request.reasoningEffort,
    [ATTR.thinkingBudget]: request.thinkingBudget,
    [ATTR.conversationId]: request.conversationId,
    ...request.extra,
    ...(content && {
      [ATTR.systemInstructions]: nonEmpty(request.system),
      [ATTR.inputMessages]: nonEmpty(request.messages),
      [ATTR.toolDefinitions]: nonEmpty(request.tools),
    }),
  });
}

/** Span attributes of a response, complete or as far as it came. */
export function responseAttributes(response: ModelResponse, content: boolean): Attributes {
  const finishReasons = response.finishReasons?.filter(Boolean);
  return defined({
    [ATTR.responseId]: response.id,
    [ATTR.responseModel]: response.model,
    [ATTR.finishReasons]: finishReasons?.length ? finishReasons : undefined,
    [ATTR.embeddingsDimensions]: response.dimensions,
    ...usageAttributes(response.usage),
    ...response.extra,
    ...(content && { [ATTR.outputMessages]: nonEmpty(response.messages) }),
  });
}

function usageAttributes(usage: Usage | undefined): Record<string, AttributeValue | undefined> {
  if (!usage) return {};
  return {
    [ATTR.inputTokens]: usage.input,
    [ATTR.outputTokens]: usage.output,
    [ATTR.cacheReadTokens]: usage.cacheRead,
    [ATTR.cacheWriteTokens]: usage.cacheWrite,
    [ATTR.reasoningTokens]: usage.reasoning,
    [ATTR.audioInputTokens]: usage.audioInput,
    [ATTR.audioOutputTokens]: usage.audioOutput,
    [ATTR.imageInputTokens]: usage.imageInput,
  };
}

function nonEmpty(values: unknown[] | undefined): string | undefined {
  return values && values.length > 0 ? toJson(values) : undefined;
}

/** Without the keys that have no value; a number that is no number is no value either. */
function defined(attributes: Record<string, AttributeValue | null | undefined>): Attributes {
  const result: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (typeof value === 'number' && !Number.isFinite(value)) continue;
    result[name] = value;
  }
  return result;
}
