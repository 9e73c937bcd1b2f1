import { asDict, asDicts, asNumber, asString, type Dict } from '../../genai/read';
import type { ModelResponse, StreamAccumulator, WireOperation } from '../../genai/types';
import { chatMessage, documentMessages, toolDefinition } from './content';
import { field } from './field';
import { baseRequest, outputType, samplingOf } from './request';
import { usageOf } from './usage';

/** `/v2/chat`. */
export const chat: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => ({
    ...baseRequest('chat', body, sender),
    ...samplingOf(body),
    thinkingBudget: asNumber(field(asDict(body.thinking), 'token_budget')),
    outputType: outputType(body),
    messages: [
      ...documentMessages(body.documents),
      ...asDicts(body.messages).map((message) => chatMessage(message)),
    ],
    tools: asDicts(body.tools).map(toolDefinition),
  }),
  response: (answer) => chatResponse(asDict(answer) ?? {}),
  accumulator: () => new ChatAccumulator(),
};

function chatResponse(body: Dict): ModelResponse {
  const finish = asString(field(body, 'finish_reason'));
  const message = asDict(body.message);
  const answered = message && chatMessage({ role: 'assistant', ...message }, finish ?? '');
  return {
    id: asString(body.id),
    finishReasons: finish ? [finish] : [],
    // A stream that was stopped right after its first event has said nothing yet.
    messages: answered && (answered.parts.length > 0 || finish) ? [answered] : [],
    ...usageOf(body.usage),
  };
}

/** Puts the events of a stream of version 2 together again, block by block. */
class ChatAccumulator implements StreamAccumulator<unknown> {
  #head: Dict = {};
  #plan = '';
  #error: string | undefined;
  readonly #blocks = new Map<number, Dict>();
  readonly #calls = new Map<number, { id?: string; name: string; arguments: string }>();
  readonly #citations: unknown[] = [];

  add(chunk: unknown): void {
    const event = asDict(chunk);
    const delta = asDict(event?.delta);
    if (!event) return;
    const message = asDict(delta?.message);
    const index = asNumber(event.index) ?? 0;
    switch (event.type) {
      case 'message-start':
        this.#head = { ...this.#head, id: event.id };
        break;
      case 'content-start':
      case 'content-delta':
        this.#addContent(index, asDict(message?.content) ?? {});
        break;
      case 'tool-plan-delta':
        this.#plan += asString(field(message, 'tool_plan') ?? field(delta, 'tool_plan')) ?? '';
        break;
      case 'tool-call-start':
      case 'tool-call-delta':
        // Under `message` since the version was released; SDKs before 7.15 know the older place.
        this.#addCall(index, asDict(field(message, 'tool_calls') ?? field(delta, 'tool_call')) ?? {});
        break;
      case 'citation-start':
        if (message?.citations) this.#citations.push(message.citations);
        break;
      case 'message-end':
        this.#end(event, delta);
        break;
    }
  }

  #addContent(index: number, content: Dict): void {
    const block = this.#blocks.get(index) ?? {};
    this.#blocks.set(index, block);
    for (const [key, value] of Object.entries(content)) {
      const isText = (key === 'text' || key === 'thinking') && typeof value === 'string';
      block[key] = isText ? `${asString(block[key]) ?? ''}${value}` : value;
    }
    block.type ??= block.thinking === undefined ? 'text' : 'thinking';
  }

  #addCall(index: number, call: Dict): void {
    const known = this.#calls.get(index) ?? { name: '', arguments: '' };
    this.#calls.set(index, known);
    const target = asDict(call.function);
    known.id ??= asString(call.id);
    known.name ||= asString(target?.name) ?? '';
    known.arguments += asString(target?.arguments) ?? '';
  }

  #end(event: Dict, delta: Dict | undefined): void {
    this.#head = {
      id: event.id ?? this.#head.id,
      finish_reason: field(delta, 'finish_reason'),
      usage: delta?.usage,
    };
    this.#error = asString(delta?.error);
  }

  response(): ModelResponse {
    const calls = inOrder(this.#calls).map(({ id, name, arguments: text }) => ({
      id,
      function: { name, arguments: text },
    }));
    return chatResponse({
      ...this.#head,
      message: {
        tool_plan: this.#plan,
        content: [
          ...inOrder(this.#blocks).filter(isNotEmpty),
          ...(this.#error ? [{ type: 'error', content: this.#error }] : []),
        ],
        tool_calls: calls,
        citations: this.#citations,
      },
    });
  }
}

const isNotEmpty = (block: Dict): boolean => block.text !== '' && block.thinking !== '';

function inOrder<T>(items: Map<number, T>): T[] {
  return [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
}
