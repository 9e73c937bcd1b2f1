import { toJson } from '../../telemetry/to-json';
import { ATTR } from './attributes';
import { type Attributes, put, putAll } from './put';
import type { ModelRequest, ModelResponse, Usage } from './types';

/** Span attributes of a request; `content: false` leaves out everything the user or the model wrote. */
export function requestAttributes(request: Partial<ModelRequest>, content: boolean): Attributes {
  const attributes: Attributes = {};
  put(attributes, ATTR.operationName, request.operation);
  put(attributes, ATTR.providerName, request.provider);
  put(attributes, ATTR.requestModel, request.model);
  put(attributes, ATTR.serverAddress, request.serverAddress);
  put(attributes, ATTR.serverPort, request.serverPort);
  put(attributes, ATTR.requestStream, request.stream);
  put(attributes, ATTR.temperature, request.temperature);
  put(attributes, ATTR.topP, request.topP);
  put(attributes, ATTR.topK, request.topK);
  put(attributes, ATTR.maxTokens, request.maxTokens);
  put(attributes, ATTR.frequencyPenalty, request.frequencyPenalty);
  put(attributes, ATTR.presencePenalty, request.presencePenalty);
  put(attributes, ATTR.seed, request.seed);
  put(attributes, ATTR.stopSequences, request.stopSequences);
  put(attributes, ATTR.choiceCount, request.choiceCount === 1 ? undefined : request.choiceCount);
  put(attributes, ATTR.encodingFormats, request.encodingFormats);
  put(attributes, ATTR.embeddingsDimensions, request.dimensions);
  put(attributes, ATTR.outputType, request.outputType);
  put(attributes, ATTR.reasoningEffort, request.reasoningEffort);
  put(attributes, ATTR.thinkingBudget, request.thinkingBudget);
  put(attributes, ATTR.conversationId, request.conversationId);
  putAll(attributes, request.extra);
  if (content) {
    put(attributes, ATTR.systemInstructions, nonEmpty(request.system));
    put(attributes, ATTR.inputMessages, nonEmpty(request.messages));
    put(attributes, ATTR.toolDefinitions, nonEmpty(request.tools));
  }
  return attributes;
}

/** Span attributes of a response, complete or as far as it came. */
export function responseAttributes(response: ModelResponse, content: boolean): Attributes {
  const attributes: Attributes = {};
  const finishReasons = response.finishReasons?.filter(Boolean);
  put(attributes, ATTR.responseId, response.id);
  put(attributes, ATTR.responseModel, response.model);
  put(attributes, ATTR.finishReasons, finishReasons?.length ? finishReasons : undefined);
  put(attributes, ATTR.embeddingsDimensions, response.dimensions);
  if (response.usage) putUsage(attributes, response.usage);
  putAll(attributes, response.extra);
  if (content) put(attributes, ATTR.outputMessages, nonEmpty(response.messages));
  return attributes;
}

function putUsage(attributes: Attributes, usage: Usage): void {
  put(attributes, ATTR.inputTokens, usage.input);
  put(attributes, ATTR.outputTokens, usage.output);
  put(attributes, ATTR.cacheReadTokens, usage.cacheRead);
  put(attributes, ATTR.cacheWriteTokens, usage.cacheWrite);
  put(attributes, ATTR.reasoningTokens, usage.reasoning);
  put(attributes, ATTR.audioInputTokens, usage.audioInput);
  put(attributes, ATTR.audioOutputTokens, usage.audioOutput);
  put(attributes, ATTR.imageInputTokens, usage.imageInput);
}

function nonEmpty(values: unknown[] | undefined): string | undefined {
  return values && values.length > 0 ? toJson(values) : undefined;
}
