import { asArray, asDict, asDicts, asString, type Dict, parseArguments } from '../../genai/read';
import type { Message, ModelResponse, Part, StreamAccumulator, WireOperation } from '../../genai/types';
import { baseRequest, generationOf, imageParts, toolDefinitions } from './request';
import { generatedResponse } from './response';

/** POST /api/chat; a stream is one JSON object a line. */
export const chat: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => ({
    ...baseRequest('chat', body, sender),
    ...generationOf(body),
    messages: asDicts(body.messages).map(inputMessage),
    tools: toolDefinitions(body.tools),
  }),
  response: (answer) => chatResponse(asDict(answer) ?? {}),
  accumulator: () => new ChatAccumulator(),
};

function inputMessage(message: Dict): Message {
  const role = asString(message.role) ?? 'user';
  if (role !== 'tool') return { role, parts: messageParts(message) };
  const name = asString(message.tool_name) ?? asString(message.name);
  const id = asString(message.tool_call_id);
  return {
    role,
    parts: [
      {
        type: 'tool_call_response',
        ...(id && { id }),
        ...(name && { name }),
        response: asString(message.content) ?? message.content,
      },
      ...imageParts(message.images),
    ],
  };
}

function messageParts(message: Dict): Part[] {
  const thinking = asString(message.thinking);
  const content = asString(message.content);
  return [
    ...(thinking ? [{ type: 'reasoning', content: thinking }] : []),
    ...(content ? [{ type: 'text', content }] : []),
    ...imageParts(message.images),
    ...asDicts(message.tool_calls).map(toolCall),
  ];
}

function toolCall(call: Dict): Part {
  const { name, arguments: given } = asDict(call.function) ?? {};
  const id = asString(call.id);
  return {
    type: 'tool_call',
    ...(id && { id }),
    name: asString(name) ?? '',
    arguments: parseArguments(given),
  };
}

function chatResponse(body: Dict): ModelResponse {
  const message = asDict(body.message) ?? {};
  return generatedResponse(body, asString(message.role), messageParts(message));
}

class ChatAccumulator implements StreamAccumulator<unknown> {
  #last: Dict = {};
  #role: string | undefined;
  #content = '';
  #thinking = '';
  readonly #images: unknown[] = [];
  readonly #toolCalls: Dict[] = [];

  add(chunk: unknown): void {
    const event = asDict(chunk);
    if (!event) return;
    this.#last = { ...this.#last, ...event };
    const message = asDict(event.message);
    if (!message) return;
    this.#role ??= asString(message.role);
    this.#content += asString(message.content) ?? '';
    this.#thinking += asString(message.thinking) ?? '';
    this.#images.push(...(asArray(message.images) ?? []));
    this.#toolCalls.push(...asDicts(message.tool_calls));
  }

  response(): ModelResponse {
    return chatResponse({
      ...this.#last,
      message: {
        role: this.#role,
        content: this.#content,
        thinking: this.#thinking,
        images: this.#images,
        tool_calls: this.#toolCalls,
      },
    });
  }
}
