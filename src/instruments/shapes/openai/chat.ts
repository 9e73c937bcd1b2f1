import { toJson } from '../../../telemetry/to-json';
import { ATTR } from '../../genai/attributes';
import {
  asArray,
  asBoolean,
  asDict,
  asDicts,
  asNumber,
  asString,
  asStrings,
  type Dict,
  parseArguments,
} from '../../genai/read';
import type {
  Message,
  ModelResponse,
  Part,
  StreamAccumulator,
  ToolDefinition,
  WireOperation,
} from '../../genai/types';
import { contentParts, thinkingText } from './content';
import { baseRequest, samplingOf } from './request';
import { chatUsage } from './usage';

/** Chat Completions, and everything built on them: `parse`, `stream`, `runTools`. */
export const chat: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => ({
    ...baseRequest('chat', body, sender, 'chat_completions'),
    ...samplingOf(body),
    stream: asBoolean(body.stream) || undefined,
    maxTokens: asNumber(body.max_completion_tokens) ?? asNumber(body.max_tokens),
    stopSequences: asStrings(body.stop),
    reasoningEffort: asString(body.reasoning_effort),
    outputType: outputType(asDict(body.response_format)),
    messages: asDicts(body.messages).map(inputMessage),
    tools: [...asDicts(body.tools).map(toolDefinition), ...asDicts(body.functions).map(functionDefinition)],
  }),
  response: chatResponse,
  accumulator: () => new ChatAccumulator(),
};

function outputType(format: Dict | undefined): string | undefined {
  if (!format) return undefined;
  return format.type === 'text' ? 'text' : 'json';
}

function inputMessage(message: Dict): Message {
  const role = asString(message.role) ?? 'user';
  const name = asString(message.name);
  if (role === 'tool' || role === 'function') {
    const response = asString(message.content) ?? contentParts(message.content);
    return {
      role: 'tool',
      parts: [{ type: 'tool_call_response', id: asString(message.tool_call_id) ?? name, response }],
    };
  }
  return { role, parts: messageParts(message), ...(name && { name }) };
}

/** Content, refusal, reasoning and tool calls of a message, asked or answered. */
function messageParts(message: Dict): Part[] {
  const parts: Part[] = [];
  // DeepSeek, OpenRouter, vLLM and others answer with one of these two.
  const reasoning = asString(message.reasoning_content) ?? asString(message.reasoning);
  if (reasoning) parts.push({ type: 'reasoning', content: reasoning });
  parts.push(...contentParts(message.content));
  const refusal = asString(message.refusal);
  if (refusal) parts.push({ type: 'refusal', content: refusal });
  const audio = asDict(message.audio);
  if (audio) parts.push(audioPart(audio));
  parts.push(...asDicts(message.executed_tools).map(executedTool));
  for (const call of asDicts(message.tool_calls)) parts.push(toolCall(call));
  const called = asDict(message.function_call);
  if (called) parts.push(toolCall({ function: called }));
  return parts;
}

function audioPart(audio: Dict): Part {
  return {
    type: 'blob',
    modality: 'audio',
    ...(asString(audio.transcript) && { transcript: audio.transcript }),
  };
}

function toolCall(call: Dict): Part {
  const target = asDict(call.function) ?? asDict(call.custom) ?? {};
  return {
    type: 'tool_call',
    id: asString(call.id),
    name: asString(target.name) ?? '',
    arguments: parseArguments(target.arguments ?? target.input),
  };
}

/** Groq's compound models run tools on their side. */
function executedTool(tool: Dict): Part {
  const { type, arguments: text, ...rest } = tool;
  return { ...rest, type: 'server_tool_call', name: asString(type) ?? '', arguments: parseArguments(text) };
}

function toolDefinition(tool: Dict): ToolDefinition {
  const target = asDict(tool.function) ?? asDict(tool.custom);
  const type = asString(tool.type) ?? 'function';
  return { ...(target ? functionDefinition(target) : tool), type };
}

function functionDefinition(definition: Dict): ToolDefinition {
  return {
    type: 'function',
    name: asString(definition.name),
    description: asString(definition.description),
    parameters: definition.parameters,
  };
}

function chatResponse(answer: unknown): ModelResponse {
  const body = asDict(answer) ?? {};
  const choices = asDicts(body.choices);
  return {
    ...responseHead(body),
    finishReasons: choices.map((choice) => asString(choice.finish_reason) ?? ''),
    messages: choices.map((choice) => outputMessage(asDict(choice.message) ?? {}, choice.finish_reason)),
  };
}

function outputMessage(message: Dict, finishReason: unknown): Message {
  const finish = asString(finishReason);
  return {
    role: asString(message.role) ?? 'assistant',
    parts: messageParts(message),
    ...(finish && { finish_reason: finish }),
  };
}

function responseHead(body: Dict): ModelResponse {
  return {
    id: asString(body.id),
    model: asString(body.model),
    usage: chatUsage(body.usage),
    extra: {
      [ATTR.openaiFingerprint]: asString(body.system_fingerprint),
      [ATTR.openaiResponseServiceTier]: asString(body.service_tier),
    },
  };
}

interface PartialChoice {
  role?: string;
  content: string;
  /** Mistral streams lists of chunks as soon as there is more than text: reasoning, references. */
  chunks: Dict[];
  refusal: string;
  reasoning: string;
  audio?: Dict;
  toolCalls: Map<number, { id?: string; name: string; arguments: string }>;
  executedTools: Map<number, Dict>;
  finishReason?: string;
}

/** Puts the chunks of a chat stream together again, choice by choice. */
export class ChatAccumulator implements StreamAccumulator<unknown> {
  #head: Dict = {};
  readonly #choices = new Map<number, PartialChoice>();

  add(chunk: unknown): void {
    const body = asDict(chunk);
    if (!body) return;
    // Some servers send usage on every chunk, some on a last one without choices: the newest is the total.
    for (const key of ['id', 'model', 'system_fingerprint', 'service_tier', 'usage']) {
      if (body[key] !== undefined && body[key] !== null && body[key] !== '') this.#head[key] = body[key];
    }
    // Groq has it in a field of its own unless it was asked for.
    this.#head.usage ??= asDict(body.x_groq)?.usage ?? undefined;
    for (const choice of asDicts(body.choices)) this.#addChoice(choice);
  }

  #addChoice(choice: Dict): void {
    const index = asNumber(choice.index) ?? 0;
    let partial = this.#choices.get(index);
    if (!partial) {
      partial = {
        content: '',
        chunks: [],
        refusal: '',
        reasoning: '',
        toolCalls: new Map(),
        executedTools: new Map(),
      };
      this.#choices.set(index, partial);
    }
    partial.finishReason = asString(choice.finish_reason) ?? partial.finishReason;
    const delta = asDict(choice.delta);
    if (!delta) return;
    partial.role ??= asString(delta.role);
    partial.content += asString(delta.content) ?? '';
    for (const chunk of asDicts(delta.content)) addChunk(partial, chunk);
    partial.refusal += asString(delta.refusal) ?? '';
    partial.reasoning += asString(delta.reasoning_content) ?? asString(delta.reasoning) ?? '';
    const audio = asDict(delta.audio);
    if (audio)
      partial.audio = {
        transcript: (asString(partial.audio?.transcript) ?? '') + (asString(audio.transcript) ?? ''),
      };
    // Each comes twice, when it starts and when it has its output.
    for (const tool of asDicts(delta.executed_tools)) {
      const position = asNumber(tool.index) ?? partial.executedTools.size;
      partial.executedTools.set(position, { ...partial.executedTools.get(position), ...tool });
    }
    const calls =
      asArray(delta.tool_calls) ?? (delta.function_call ? [{ function: delta.function_call }] : []);
    asDicts(calls).forEach((call, position) => {
      addToolCall(partial.toolCalls, call, position);
    });
  }

  response(): ModelResponse {
    const choices = [...this.#choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice);
    return {
      ...responseHead(this.#head),
      finishReasons: choices.map(({ finishReason }) => finishReason ?? ''),
      // A stream that was stopped right after its first chunk has said nothing yet.
      messages: choices
        .map((choice) => outputMessage(asMessage(choice), choice.finishReason))
        .filter(({ parts, finish_reason }) => parts.length > 0 || finish_reason),
    };
  }
}

function addChunk(partial: PartialChoice, chunk: Dict): void {
  if (chunk.type === 'text') partial.content += asString(chunk.text) ?? '';
  else if (chunk.type === 'thinking') partial.reasoning += thinkingText(chunk.thinking);
  else partial.chunks.push(chunk);
}

function addToolCall(calls: PartialChoice['toolCalls'], call: Dict, position: number): void {
  const index = asNumber(call.index) ?? position;
  const known = calls.get(index) ?? { name: '', arguments: '' };
  calls.set(index, known);
  const target = asDict(call.function) ?? asDict(call.custom) ?? {};
  known.id ??= asString(call.id);
  known.name ||= asString(target.name) ?? '';
  const given = target.arguments ?? target.input;
  // Mistral may send them whole, and as an object.
  known.arguments += asString(given) ?? (given ? toJson(given) : '');
}

/** The message that would have come without streaming. */
function asMessage(choice: PartialChoice): Dict {
  return {
    role: choice.role,
    content:
      choice.chunks.length > 0
        ? [...(choice.content ? [{ type: 'text', text: choice.content }] : []), ...choice.chunks]
        : choice.content || undefined,
    refusal: choice.refusal || undefined,
    reasoning: choice.reasoning || undefined,
    audio: choice.audio,
    executed_tools: [...choice.executedTools.values()],
    tool_calls: [...choice.toolCalls.entries()]
      .sort(([a], [b]) => a - b)
      .map(([, { id, name, arguments: text }]) => ({ id, function: { name, arguments: text } })),
  };
}
