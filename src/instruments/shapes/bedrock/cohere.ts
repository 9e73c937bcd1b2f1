import { asDict, asDicts, asNumber, asString, asStrings, type Dict, parseArguments } from '../../genai/read';
import type {
  Message,
  ModelResponse,
  Part,
  StreamAccumulator,
  ToolDefinition,
  Usage,
  WireOperation,
} from '../../genai/types';
import { chat as openaiChat } from '../openai/chat';
import { baseRequest } from './base';

/** Command R and later by InvokeModel, in the first version of Cohere's chat API. */
export const cohereChat: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => ({
    ...baseRequest('chat', asString(body.modelId), sender),
    ...sampling(body),
    system: textParts(body.preamble),
    messages: [
      ...asDicts(body.chat_history).map(historyMessage),
      { role: 'user', parts: textParts(body.message) },
      ...toolResults(body.tool_results),
      ...asDicts(body.documents).map((document) => ({
        role: 'document',
        parts: [{ type: 'document', document }],
      })),
    ],
    tools: asDicts(body.tools).map(toolDefinition),
  }),
  response: (answer) => cohereResponse(asDict(answer) ?? {}),
  accumulator: () => new CohereAccumulator(),
};

/** The second version: messages as OpenAI has them, an answer of content blocks. */
export const cohereMessages: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => ({
    ...openaiChat.request({ ...body, model: body.modelId }, sender),
    ...baseRequest('chat', asString(body.modelId), sender),
    ...sampling(body),
    extra: {},
  }),
  response: (answer) => messagesResponse(asDict(answer) ?? {}),
  accumulator: () => new MessagesAccumulator(),
};

function sampling(body: Dict) {
  return {
    temperature: asNumber(body.temperature),
    topP: asNumber(body.p),
    topK: asNumber(body.k),
    maxTokens: asNumber(body.max_tokens),
    seed: asNumber(body.seed),
    frequencyPenalty: asNumber(body.frequency_penalty),
    presencePenalty: asNumber(body.presence_penalty),
    stopSequences: asStrings(body.stop_sequences),
  };
}

const textParts = (text: unknown): Part[] =>
  typeof text === 'string' && text !== '' ? [{ type: 'text', content: text }] : [];

const ROLES: Record<string, string> = { USER: 'user', CHATBOT: 'assistant', SYSTEM: 'system', TOOL: 'tool' };

function historyMessage(message: Dict): Message {
  const role = asString(message.role) ?? 'user';
  const results = toolResults(message.tool_results).flatMap(({ parts }) => parts);
  return {
    role: ROLES[role] ?? role.toLowerCase(),
    parts: [...textParts(message.message), ...toolCalls(message.tool_calls), ...results],
  };
}

function toolCalls(calls: unknown): Part[] {
  return asDicts(calls).map(({ name, parameters }) => ({
    type: 'tool_call',
    name: asString(name) ?? '',
    arguments: parameters,
  }));
}

function toolResults(results: unknown): Message[] {
  const parts = asDicts(results).map(({ outputs }) => ({ type: 'tool_call_response', response: outputs }));
  return parts.length > 0 ? [{ role: 'tool', parts }] : [];
}

function toolDefinition({ name, description, parameter_definitions }: Dict): ToolDefinition {
  return {
    type: 'function',
    name: asString(name),
    description: asString(description),
    parameters: parameter_definitions,
  };
}

function cohereResponse(body: Dict): ModelResponse {
  const reason = asString(body.finish_reason);
  const citations = asDicts(body.citations);
  const parts = [
    ...textParts(body.text).map((part) => ({ ...part, ...(citations.length > 0 && { citations }) })),
    ...toolCalls(body.tool_calls),
  ];
  return {
    id: asString(body.response_id) ?? asString(body.generation_id),
    ...answered(parts, reason),
    usage: tokensOf(asDict(body.meta)),
  };
}

function answered(parts: Part[], reason: string | undefined): ModelResponse {
  return {
    finishReasons: reason ? [reason] : [],
    messages:
      parts.length > 0 ? [{ role: 'assistant', parts, ...(reason && { finish_reason: reason }) }] : [],
  };
}

/** What the model read and wrote; what is billed may be less. */
function tokensOf(meta: Dict | undefined): Usage | undefined {
  const tokens = asDict(meta?.tokens) ?? asDict(meta?.billed_units);
  return tokens && { input: asNumber(tokens.input_tokens), output: asNumber(tokens.output_tokens) };
}

class CohereAccumulator implements StreamAccumulator<unknown> {
  #text = '';
  #body: Dict = {};

  add(chunk: unknown): void {
    const event = asDict(chunk) ?? {};
    switch (event.event_type) {
      case 'text-generation':
        this.#text += asString(event.text) ?? '';
        break;
      case 'stream-end':
        this.#body = { ...this.#body, finish_reason: event.finish_reason, ...asDict(event.response) };
        break;
      default:
        for (const key of ['generation_id', 'response_id', 'citations', 'tool_calls']) {
          if (event[key] !== undefined) this.#body[key] = event[key];
        }
    }
  }

  response(): ModelResponse {
    return cohereResponse({ ...this.#body, text: asString(this.#body.text) ?? this.#text });
  }
}

function messagesResponse(body: Dict): ModelResponse {
  const message = asDict(body.message);
  const reason = asString(body.finish_reason);
  const parts: Part[] = [
    ...(asString(message?.tool_plan) ? [{ type: 'reasoning', content: String(message?.tool_plan) }] : []),
    ...asDicts(message?.content).map(
      ({ type, text, thinking }): Part =>
        type === 'thinking'
          ? { type: 'reasoning', content: asString(thinking) ?? '' }
          : { type: 'text', content: asString(text) ?? '' },
    ),
    ...asDicts(message?.tool_calls).map(
      ({ id, function: called }): Part => ({
        type: 'tool_call',
        id: asString(id),
        name: asString(asDict(called)?.name) ?? '',
        arguments: parseArguments(asDict(called)?.arguments),
      }),
    ),
  ];
  return { id: asString(body.id), ...answered(parts, reason), usage: tokensOf(asDict(body.usage)) };
}

class MessagesAccumulator implements StreamAccumulator<unknown> {
  #head: Dict = {};
  #plan = '';
  readonly #content: Dict[] = [];
  readonly #calls: Dict[] = [];

  add(chunk: unknown): void {
    const event = asDict(chunk) ?? {};
    const delta = asDict(event.delta) ?? {};
    const message = asDict(delta.message) ?? {};
    const index = asNumber(event.index) ?? 0;
    if (event.id) this.#head.id = event.id;
    if (event.type === 'message-end') Object.assign(this.#head, delta);
    this.#plan += asString(message.tool_plan) ?? '';
    const content = asDict(message.content);
    if (content) this.#addContent(index, content);
    const call = asDict(message.tool_calls);
    if (call) this.#addCall(index, call);
  }

  #addContent(index: number, { type, text, thinking }: Dict): void {
    const known = (this.#content[index] ??= { text: '', thinking: '' });
    if (type ?? thinking) known.type = type ?? 'thinking';
    known.text = `${known.text}${asString(text) ?? ''}`;
    known.thinking = `${known.thinking}${asString(thinking) ?? ''}`;
  }

  #addCall(index: number, { id, function: called }: Dict): void {
    const known = (this.#calls[index] ??= { function: { name: '', arguments: '' } });
    known.id = id ?? known.id;
    const target = asDict(known.function)!;
    target.name ||= asString(asDict(called)?.name) ?? '';
    target.arguments = `${target.arguments}${asString(asDict(called)?.arguments) ?? ''}`;
  }

  response(): ModelResponse {
    const message = {
      tool_plan: this.#plan,
      content: this.#content.filter(Boolean),
      tool_calls: this.#calls.filter(Boolean),
    };
    return messagesResponse({ ...this.#head, message });
  }
}
