import { providerAt, serverOf } from '../../genai/providers';
import { asBoolean, asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type {
  ModelRequest,
  ModelResponse,
  Operation,
  Sender,
  ToolDefinition,
  WireOperation,
} from '../../genai/types';
import { contentParts, inputMessage } from './content';
import { messageResponse } from './response';
import { MessageAccumulator } from './stream';

export const messages: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => {
    const thinking = asDict(body.thinking);
    return {
      ...baseRequest('chat', body, sender),
      topK: asNumber(body.top_k),
      maxTokens: asNumber(body.max_tokens),
      stopSequences: asStrings(body.stop_sequences),
      thinkingBudget: asNumber(thinking?.budget_tokens),
      reasoningEffort: asString(asDict(body.output_config)?.effort),
      outputType:
        asDict(asDict(body.output_config)?.format) || asDict(body.output_format) ? 'json' : undefined,
      system: contentParts(body.system),
      messages: asDicts(body.messages).flatMap(inputMessage),
      tools: asDicts(body.tools).map(toolDefinition),
    };
  },
  response: (answer) => messageResponse(asDict(answer) ?? {}),
  accumulator: () => new MessageAccumulator(),
};

/** The API before messages; gone from the SDK with version 1. */
export const textCompletions: WireOperation = {
  spanSuffix: 'completion',
  request: (body, sender) => ({
    ...baseRequest('text_completion', body, sender),
    topK: asNumber(body.top_k),
    maxTokens: asNumber(body.max_tokens_to_sample),
    stopSequences: asStrings(body.stop_sequences),
    messages: [{ role: 'user', parts: contentParts(body.prompt) }],
  }),
  response: completionResponse,
  accumulator: () => {
    let text = '';
    let last: Dict = {};
    return {
      add(chunk) {
        last = { ...last, ...asDict(chunk) };
        text += asString(asDict(chunk)?.completion) ?? '';
      },
      response: () => completionResponse({ ...last, completion: text }),
    };
  },
};

function baseRequest(operation: Operation, body: Dict, sender: Sender): ModelRequest {
  const server = serverOf(sender.baseURL);
  return {
    operation,
    provider: providerAt(server, sender.provider ?? 'anthropic'),
    model: asString(body.model),
    serverAddress: server?.address,
    serverPort: server?.port,
    stream: asBoolean(body.stream) || undefined,
    temperature: asNumber(body.temperature),
    topP: asNumber(body.top_p),
  };
}

function toolDefinition(tool: Dict): ToolDefinition {
  const { input_schema, cache_control, type, ...rest } = tool;
  // Tools of the app's own have a schema; the provider's (web search, bash, …) have a dated type. Those of the
  // tool runner hold the functions to run as well, which are no part of the request.
  const sent = Object.entries(rest).filter(([, value]) => typeof value !== 'function');
  return {
    ...Object.fromEntries(sent),
    type: asString(type) ?? 'function',
    ...(input_schema !== undefined && { parameters: input_schema }),
  };
}

function completionResponse(answer: unknown): ModelResponse {
  const body = asDict(answer) ?? {};
  const reason = asString(body.stop_reason);
  const parts = contentParts(body.completion);
  return {
    id: asString(body.id),
    model: asString(body.model),
    finishReasons: reason ? [reason] : [],
    messages:
      parts.length > 0 ? [{ role: 'assistant', parts, ...(reason && { finish_reason: reason }) }] : [],
  };
}
