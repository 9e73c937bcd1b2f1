import {
  asBoolean,
  asDict,
  asDicts,
  asNumber,
  asString,
  asStrings,
  type Dict,
  parseArguments,
} from '../../genai/read';
import type { Message, ModelResponse, Part, StreamAccumulator, WireOperation } from '../../genai/types';
import { chat as openaiChat } from '../openai/chat';
import { contentParts } from '../openai/content';
import { samplingOf } from '../openai/request';
import { chatUsage } from '../openai/usage';
import { agentOf, mistralRequest } from './chat';

/** The conversations API: start, append and restart are one operation, of a model or of an agent. */
export const conversations: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => {
    const settings = asDict(body.completion_args) ?? {};
    const instructions = asString(body.instructions);
    return {
      ...mistralRequest('chat', body, sender),
      ...samplingOf(settings),
      extra: agentOf(body),
      stream: asBoolean(body.stream) || undefined,
      maxTokens: asNumber(settings.max_tokens),
      stopSequences: asStrings(settings.stop),
      conversationId: asString(body.conversation_id),
      outputType: asDict(settings.response_format) && 'json',
      system: instructions ? [{ type: 'text', content: instructions }] : undefined,
      messages: entryMessages(body.inputs),
      tools: openaiChat.request({ tools: body.tools }, {}).tools,
    };
  },
  response: (answer) => conversationResponse(asDict(answer) ?? {}),
  accumulator: () => new ConversationAccumulator(),
};

function entryMessages(inputs: unknown): Message[] {
  if (typeof inputs === 'string') return [{ role: 'user', parts: contentParts(inputs) }];
  return asDicts(inputs).map((entry) => ({
    role: entry.type === 'function.result' ? 'tool' : (asString(entry.role) ?? 'user'),
    parts: entryParts(entry),
  }));
}

function entryParts(entry: Dict): Part[] {
  switch (entry.type) {
    case undefined:
    case 'message.input':
    case 'message.output':
      return contentParts(
        Array.isArray(entry.content) ? entry.content : (asString(entry.content) ?? [entry.content]),
      );
    case 'function.call':
      return [
        {
          type: 'tool_call',
          id: asString(entry.tool_call_id),
          name: asString(entry.name) ?? '',
          arguments: parseArguments(entry.arguments),
        },
      ];
    case 'function.result':
      return [{ type: 'tool_call_response', id: asString(entry.tool_call_id), response: entry.result }];
    case 'tool.execution':
      return [
        {
          type: 'server_tool_call',
          id: asString(entry.id),
          name: asString(entry.name) ?? '',
          server_tool_call: {
            type: 'tool.execution',
            arguments: parseArguments(entry.arguments),
            info: entry.info,
          },
        },
      ];
    default:
      return [{ ...entry, type: asString(entry.type) ?? 'unknown' }];
  }
}

function conversationResponse(body: Dict): ModelResponse {
  const outputs = asDicts(body.outputs);
  const parts = outputs.flatMap(entryParts);
  return {
    model: outputs.map(({ model }) => asString(model)).find(Boolean),
    messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
    usage: chatUsage(body.usage),
    extra: { 'gen_ai.conversation.id': asString(body.conversation_id) },
  };
}

/** Events of a conversation: what belongs to one output says so by its index. */
class ConversationAccumulator implements StreamAccumulator<unknown> {
  #conversation: unknown;
  #usage: unknown;
  readonly #outputs = new Map<number, Dict>();

  add(chunk: unknown): void {
    const event = asDict(chunk);
    if (!event) return;
    this.#conversation = event.conversation_id ?? this.#conversation;
    this.#usage = event.usage ?? this.#usage;
    const type = asString(event.type) ?? '';
    const index = asNumber(event.output_index) ?? this.#outputs.size;
    if (type === 'message.output.delta') this.#addContent(index, event);
    else if (type === 'function.call.delta') this.#addArguments(index, 'function.call', event);
    else if (type === 'tool.execution.started')
      this.#outputs.set(index, { ...event, type: 'tool.execution' });
    else if (type === 'tool.execution.delta') this.#addArguments(index, 'tool.execution', event);
    else if (type === 'tool.execution.done') this.#merge(index, { info: event.info });
  }

  #merge(index: number, more: Dict): Dict {
    const known = { ...this.#outputs.get(index), ...more };
    this.#outputs.set(index, known);
    return known;
  }

  #addContent(index: number, event: Dict): void {
    const { content: before } = this.#outputs.get(index) ?? {};
    const content = [...asDicts(before)];
    const added =
      typeof event.content === 'string' ? { type: 'text', text: event.content } : asDict(event.content);
    const last = content.at(-1);
    if (added?.type === 'text' && last?.type === 'text') {
      content[content.length - 1] = { type: 'text', text: `${last.text ?? ''}${added.text ?? ''}` };
    } else if (added) content.push(added);
    this.#merge(index, { type: 'message.output', model: event.model, content });
  }

  #addArguments(index: number, type: string, event: Dict): void {
    const before = asString(this.#outputs.get(index)?.arguments) ?? '';
    this.#merge(index, { ...event, type, arguments: before + (asString(event.arguments) ?? '') });
  }

  response(): ModelResponse {
    const outputs = [...this.#outputs].sort(([a], [b]) => a - b).map(([, output]) => output);
    return conversationResponse({ conversation_id: this.#conversation, usage: this.#usage, outputs });
  }
}
