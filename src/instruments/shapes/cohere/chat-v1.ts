import { asArray, asDict, asDicts, asString, type Dict, parseArguments } from '../../genai/read';
import type { Message, ModelResponse, Part, StreamAccumulator, WireOperation } from '../../genai/types';
import { contentParts, documentMessages, toolCall, toolDefinition, withCitations } from './content';
import { field } from './field';
import { baseRequest, outputType, samplingOf, textMessage, textPart } from './request';
import { usageOf } from './usage';

/** `/v1/chat`: one message, and the history before it. */
export const chatV1: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => {
    const preamble = asString(body.preamble);
    return {
      ...baseRequest('chat', body, sender),
      ...samplingOf(body),
      outputType: outputType(body),
      conversationId: asString(field(body, 'conversation_id')),
      system: preamble ? [textPart(preamble)] : undefined,
      messages: [
        ...asDicts(field(body, 'chat_history')).map(pastMessage),
        ...documentMessages(body.documents),
        ...textMessage('user', body.message),
        ...toolMessages(field(body, 'tool_results')),
      ],
      tools: asDicts(body.tools).map(toolDefinition),
    };
  },
  response: (answer) => chatResponse(asDict(answer) ?? {}),
  accumulator: () => new ChatAccumulator(),
};

const ROLES: Record<string, string> = { CHATBOT: 'assistant', USER: 'user', SYSTEM: 'system', TOOL: 'tool' };

function pastMessage(message: Dict): Message {
  const given = asString(message.role) ?? 'user';
  const role = ROLES[given.toUpperCase()] ?? given;
  const [results] = toolMessages(field(message, 'tool_results'));
  return {
    role,
    parts: [
      ...contentParts(message.message),
      ...asDicts(field(message, 'tool_calls')).map(toolCall),
      ...(results?.parts ?? []),
    ],
  };
}

/** A result names its call by the call itself. */
function toolMessages(results: unknown): Message[] {
  const parts = asDicts(results).map((result): Part => {
    const name = asString(asDict(result.call)?.name);
    return { type: 'tool_call_response', ...(name && { name }), response: result.outputs };
  });
  return parts.length > 0 ? [{ role: 'tool', parts }] : [];
}

function chatResponse(body: Dict): ModelResponse {
  const finish = asString(field(body, 'finish_reason'));
  const queries = asArray(field(body, 'search_queries'));
  const parts: Part[] = [
    ...withCitations(contentParts(body.text), body.citations),
    ...asDicts(field(body, 'tool_calls')).map(toolCall),
    ...(queries?.length ? [{ type: 'search_queries', search_queries: queries }] : []),
  ];
  return {
    id: asString(field(body, 'response_id')) ?? asString(field(body, 'generation_id')),
    finishReasons: finish ? [finish] : [],
    messages:
      parts.length > 0 || finish
        ? [{ role: 'assistant', parts, ...(finish && { finish_reason: finish }) }]
        : [],
    ...usageOf(body.meta),
  };
}

/** A stream ends with the whole answer; until then it is put together from what came. */
class ChatAccumulator implements StreamAccumulator<unknown> {
  #generation: unknown;
  #text = '';
  #queries: unknown;
  #calls: unknown;
  readonly #citations: unknown[] = [];
  readonly #partialCalls = new Map<number, { name: string; parameters: string }>();
  #end: Dict | undefined;

  add(chunk: unknown): void {
    const event = asDict(chunk);
    if (!event) return;
    this.#generation = field(event, 'generation_id') ?? this.#generation;
    switch (field(event, 'event_type')) {
      case 'text-generation':
        this.#text += asString(event.text) ?? '';
        break;
      case 'search-queries-generation':
        this.#queries = field(event, 'search_queries');
        break;
      case 'citation-generation':
        this.#citations.push(...(asArray(event.citations) ?? []));
        break;
      case 'tool-calls-chunk':
        this.#addCall(asDict(field(event, 'tool_call_delta')) ?? {});
        this.#text += asString(event.text) ?? '';
        break;
      case 'tool-calls-generation':
        this.#calls = field(event, 'tool_calls');
        break;
      case 'stream-end':
        this.#end = event;
        break;
    }
  }

  #addCall(delta: Dict): void {
    const index = typeof delta.index === 'number' ? delta.index : 0;
    const known = this.#partialCalls.get(index) ?? { name: '', parameters: '' };
    this.#partialCalls.set(index, known);
    known.name ||= asString(delta.name) ?? '';
    known.parameters += asString(delta.parameters) ?? '';
  }

  response(): ModelResponse {
    const partial = [...this.#partialCalls].sort(([a], [b]) => a - b).map(([, call]) => call);
    const tools =
      this.#calls ?? partial.map((call) => ({ ...call, parameters: parseArguments(call.parameters) }));
    return chatResponse({
      generation_id: this.#generation,
      text: this.#text,
      search_queries: this.#queries,
      citations: this.#citations,
      tool_calls: tools,
      ...asDict(this.#end?.response),
      ...(this.#end && { finish_reason: field(this.#end, 'finish_reason') }),
    });
  }
}
