import { ATTR } from '../../genai/attributes';
import { blob } from '../../genai/media';
import {
  asBoolean,
  asDict,
  asDicts,
  asNumber,
  asString,
  asText,
  type Dict,
  parseArguments,
} from '../../genai/read';
import type { Message, ModelResponse, Part, StreamAccumulator, WireOperation } from '../../genai/types';
import { contentParts } from './content';
import { baseRequest, samplingOf } from './request';
import { responsesUsage } from './usage';

/** The Responses API, with its `parse` and `stream` helpers. */
export const responses: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => {
    const reasoning = asDict(body.reasoning);
    const instructions = asString(body.instructions);
    return {
      ...baseRequest('chat', body, sender, 'responses'),
      ...samplingOf(body),
      stream: asBoolean(body.stream) || undefined,
      maxTokens: asNumber(body.max_output_tokens),
      reasoningEffort: asString(reasoning?.effort),
      conversationId: asString(body.conversation) ?? asString(asDict(body.conversation)?.id),
      outputType: outputType(asDict(asDict(body.text)?.format)),
      system: instructions ? [{ type: 'text', content: instructions }] : undefined,
      messages: inputMessages(body.input),
      tools: asDicts(body.tools).map((tool) => ({ ...tool, type: asString(tool.type) ?? 'function' })),
    };
  },
  response: (answer) => responseOf(asDict(answer) ?? {}),
  accumulator: () => new ResponsesAccumulator(),
};

function outputType(format: Dict | undefined): string | undefined {
  if (!format) return undefined;
  return format.type === 'text' ? 'text' : 'json';
}

function inputMessages(input: unknown): Message[] {
  if (typeof input === 'string') return [{ role: 'user', parts: [{ type: 'text', content: input }] }];
  return asDicts(input).map((item) => messageOf(item, 'user'));
}

/** An item of the conversation, as it is sent and as it comes back. */
function messageOf(item: Dict, defaultRole: string): Message {
  const role = asString(item.role);
  if (item.type === undefined || item.type === 'message') {
    return { role: role ?? defaultRole, parts: contentParts(item.content) };
  }
  const type = asText(item.type);
  if (type.endsWith('_call_output')) {
    return {
      role: 'tool',
      parts: [{ type: 'tool_call_response', id: asString(item.call_id), response: item.output }],
    };
  }
  return { role: role ?? 'assistant', parts: [itemPart(type, item)] };
}

function itemPart(type: string, item: Dict): Part {
  switch (type) {
    case 'function_call':
    case 'custom_tool_call':
      return {
        type: 'tool_call',
        id: asString(item.call_id) ?? asString(item.id),
        name: asString(item.name) ?? '',
        arguments: parseArguments(item.arguments ?? item.input),
      };
    case 'reasoning':
      return { type: 'reasoning', content: reasoningText(item) };
    case 'image_generation_call':
      return { ...blob('image/png', undefined), id: asString(item.id), status: item.status };
    default:
      // Web search, file search, code interpreter, computer use, MCP: the provider ran them.
      return {
        ...item,
        type: type.endsWith('_call') ? 'server_tool_call' : type,
        name: asString(item.name) ?? type.replace(/_call$/, ''),
      };
  }
}

function reasoningText(item: Dict): string {
  return [...asDicts(item.summary), ...asDicts(item.content)]
    .map((part) => asString(part.text) ?? '')
    .filter((text) => text !== '')
    .join('\n');
}

function responseOf(body: Dict): ModelResponse {
  const output = asDicts(body.output);
  const finish = finishReason(body, output);
  const parts = output.flatMap((item) => messageOf(item, 'assistant').parts);
  return {
    id: asString(body.id),
    model: asString(body.model),
    finishReasons: finish ? [finish] : [],
    messages:
      parts.length > 0 ? [{ role: 'assistant', parts, ...(finish && { finish_reason: finish }) }] : [],
    usage: responsesUsage(body.usage),
    extra: { [ATTR.openaiResponseServiceTier]: asString(body.service_tier) },
  };
}

/** Responses have a status where Chat Completions have a finish reason. */
function finishReason(body: Dict, output: Dict[]): string | undefined {
  const incomplete = asString(asDict(body.incomplete_details)?.reason);
  if (incomplete) return incomplete === 'max_output_tokens' ? 'length' : incomplete;
  if (body.status === 'failed') return 'error';
  if (body.status !== 'completed') return undefined;
  return output.some(({ type }) => type === 'function_call' || type === 'custom_tool_call')
    ? 'tool_calls'
    : 'stop';
}

/** A stream ends with the whole response; until then its items are put together from what came. */
export class ResponsesAccumulator implements StreamAccumulator<unknown> {
  #response: Dict = {};
  readonly #items = new Map<number, Dict>();
  readonly #texts = new Map<number, string>();

  add(chunk: unknown): void {
    const event = asDict(chunk);
    if (!event) return;
    const response = asDict(event.response);
    if (response) this.#response = response;
    const index = asNumber(event.output_index) ?? 0;
    const item = asDict(event.item);
    if (item) this.#items.set(index, item);
    if (event.type === 'response.output_text.delta') {
      this.#texts.set(index, (this.#texts.get(index) ?? '') + (asString(event.delta) ?? ''));
    }
  }

  response(): ModelResponse {
    if (asDicts(this.#response.output).length > 0) return responseOf(this.#response);
    const output = [...this.#items.entries()]
      .sort(([a], [b]) => a - b)
      .map(([index, item]) => {
        const text = this.#texts.get(index);
        const isUnfinished = text !== undefined && asDicts(item.content).length === 0;
        return isUnfinished ? { ...item, content: [{ type: 'output_text', text }] } : item;
      });
    return responseOf({ ...this.#response, output });
  }
}
