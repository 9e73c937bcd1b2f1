import { base64Bytes, blob } from '../../genai/media';
import {
  asArray,
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
  Usage,
  WireOperation,
} from '../../genai/types';
import { roleOf, withoutBytes } from './content';
import { field } from './fields';
import { baseRequest } from './request';

/** The Interactions API: `POST /interactions`, for models and for agents of Google's. */
export const interactions: WireOperation = {
  spanSuffix: 'interaction',
  request: (body, sender) => {
    const config = asDict(body.generation_config);
    return {
      ...baseRequest('generate_content', body, sender),
      temperature: asNumber(config?.temperature),
      topP: asNumber(config?.top_p),
      maxTokens: asNumber(config?.max_output_tokens),
      seed: asNumber(config?.seed),
      stopSequences: asStrings(config?.stop_sequences),
      reasoningEffort: asString(config?.thinking_level),
      outputType: outputType(body),
      system: textParts(body.system_instruction),
      messages: inputMessages(body.input),
      tools: asDicts(body.tools).map(toolDefinition),
      extra: { 'gen_ai.agent.name': asString(body.agent) },
    };
  },
  response: (answer) => interactionResponse(asDict(answer) ?? {}),
  accumulator: () => new InteractionAccumulator(),
};

const textParts = (text: unknown): Part[] =>
  typeof text === 'string' && text !== '' ? [{ type: 'text', content: text }] : [];

function outputType(body: Dict): string | undefined {
  if (asString(body.response_mime_type)?.includes('json') || asDict(body.response_format)) return 'json';
  const [modality] = (asStrings(body.response_modalities) ?? []).filter((name) => name !== 'text');
  return modality === 'audio' ? 'speech' : modality;
}

function toolDefinition(tool: Dict): ToolDefinition {
  return { ...(withoutBytes(tool) as Dict), type: asString(tool.type) ?? 'function' };
}

/** A text, one content, a list of them, or turns and steps that hold lists of their own. */
function inputMessages(input: unknown): Message[] {
  if (typeof input === 'string') return [{ role: 'user', parts: textParts(input) }];
  const messages: Message[] = [];
  for (const item of asDicts(asArray(input) ?? [input])) {
    const role = item.type === 'model_output' ? 'assistant' : roleOf(item);
    const parts = 'content' in item ? contentsOf(item.content) : [partOf(item)];
    const isResult = parts.every(({ type }) => type === 'tool_call_response');
    const said = parts.some(({ type }) => type === 'tool_call' || type === 'reasoning') ? 'assistant' : role;
    const by = isResult ? 'tool' : said;
    const last = messages.at(-1);
    // Contents that stand side by side are one message.
    if (last?.role === by && !('role' in item)) last.parts.push(...parts);
    else messages.push({ role: by, parts });
  }
  return messages;
}

const contentsOf = (content: unknown): Part[] =>
  typeof content === 'string' ? textParts(content) : asDicts(content).map(partOf);

const MEDIA = ['image', 'audio', 'video', 'document'];

function partOf(content: Dict): Part {
  const type = asString(content.type) ?? 'unknown';
  if (type === 'text') return { type, content: asString(content.text) ?? '' };
  if (type === 'thought') return { type: 'reasoning', content: summaryOf(content.summary) };
  if (type === 'function_call') {
    return {
      type: 'tool_call',
      id: asString(content.id),
      name: asString(content.name) ?? '',
      arguments: parseArguments(withoutBytes(content.arguments)),
    };
  }
  if (type === 'function_result') {
    return {
      type: 'tool_call_response',
      id: asString(content.call_id),
      response: Array.isArray(content.result) ? contentsOf(content.result) : withoutBytes(content.result),
      ...(content.is_error === true && { is_error: true }),
    };
  }
  if (MEDIA.includes(type)) return mediaPart(content, type);
  return serverToolPart(content, type);
}

function summaryOf(summary: unknown): string {
  return asDicts(summary)
    .map(({ text }) => asString(text) ?? '')
    .join('\n');
}

function mediaPart(content: Dict, modality: string): Part {
  const mime = asString(content.mime_type);
  const uri = asString(content.uri);
  if (uri) return { type: 'uri', modality, uri, ...(mime && { mime_type: mime }) };
  const data = asString(content.data);
  return blob(mime, data === undefined ? undefined : base64Bytes(data), modality);
}

/** Tools on Google's side: `google_search_call` and `google_search_result`, and so on. */
function serverToolPart(content: Dict, type: string): Part {
  const { signature: _, ...kept } = content;
  const call = /^(.+)_call$/.exec(type)?.[1];
  const details = withoutBytes(kept) as Dict;
  if (call)
    return { type: 'server_tool_call', id: asString(content.id), name: call, server_tool_call: details };
  if (type.endsWith('_result')) {
    return {
      type: 'server_tool_call_response',
      id: asString(content.call_id),
      server_tool_call_response: details,
    };
  }
  return { ...details, type };
}

function interactionResponse(body: Dict): ModelResponse {
  const status = asString(body.status);
  const steps = asDicts(body.steps);
  const parts = steps.length > 0 ? steps.flatMap(stepParts) : asDicts(body.outputs).map(partOf);
  return {
    id: asString(body.id),
    model: asString(body.model),
    finishReasons: status ? [status] : [],
    messages:
      parts.length > 0 ? [{ role: 'assistant', parts, ...(status && { finish_reason: status }) }] : [],
    usage: interactionUsage(asDict(body.usage)),
  };
}

/** The input comes back as a step as well. */
function stepParts(step: Dict): Part[] {
  if (step.type === 'user_input') return [];
  return step.type === 'model_output' ? contentsOf(step.content) : [partOf(step)];
}

/** Thoughts and what tools brought in are counted beside the rest, as with generateContent. */
function interactionUsage(usage: Dict | undefined): Usage | undefined {
  if (!usage) return undefined;
  const count = (name: string) => asNumber(usage[name]);
  const add = (base: number | undefined, more: number | undefined) =>
    base === undefined ? undefined : base + (more ?? 0);
  const thoughts = count('total_thought_tokens');
  const ofModality = (details: unknown, modality: string) => {
    const counted = asDicts(details).find((detail) => detail.modality === modality);
    return asNumber(counted?.tokens);
  };
  return {
    input: add(count('total_input_tokens'), count('total_tool_use_tokens')),
    output: add(count('total_output_tokens'), thoughts),
    cacheRead: count('total_cached_tokens'),
    reasoning: thoughts,
    audioInput: ofModality(usage.input_tokens_by_modality, 'audio'),
    audioOutput: ofModality(usage.output_tokens_by_modality, 'audio'),
    imageInput: ofModality(usage.input_tokens_by_modality, 'image'),
  };
}

interface PartialOutput {
  /** A content or a step, as it started. */
  start: Dict;
  texts: string;
  summary: string;
  arguments: string;
  others: Dict[];
}

/** Events of both generations: contents (`content.start`, `content.delta`), later steps that hold contents. */
class InteractionAccumulator implements StreamAccumulator<unknown> {
  #head: Dict = {};
  readonly #outputs = new Map<number, PartialOutput>();

  add(chunk: unknown): void {
    const event = asDict(chunk);
    const interaction = asDict(event?.interaction);
    if (interaction) {
      const told = Object.entries(interaction).filter(([, value]) => value !== null && value !== undefined);
      this.#head = { ...this.#head, ...Object.fromEntries(told) };
    }
    const status = asString(event?.status);
    if (status) this.#head.status = status;
    const index = asNumber(event?.index);
    if (!event || index === undefined) return;
    const start = asDict(event.content) ?? asDict(event.step);
    if (start) this.#at(index).start = start;
    const delta = asDict(event.delta);
    if (delta) addDelta(this.#at(index), delta);
  }

  #at(index: number): PartialOutput {
    let output = this.#outputs.get(index);
    if (!output) {
      output = { start: {}, texts: '', summary: '', arguments: '', others: [] };
      this.#outputs.set(index, output);
    }
    return output;
  }

  response(): ModelResponse {
    const { outputs, steps } = this.#head;
    if (asArray(outputs)?.length || asArray(steps)?.length) return interactionResponse(this.#head);
    const collected = [...this.#outputs].sort(([a], [b]) => a - b).flatMap(([, output]) => stepsOf(output));
    return interactionResponse({ ...this.#head, steps: collected });
  }
}

function addDelta(output: PartialOutput, delta: Dict): void {
  switch (delta.type) {
    case 'text':
      output.texts += asString(delta.text) ?? '';
      break;
    case 'thought_summary':
      output.summary += asString(asDict(delta.content)?.text) ?? '';
      break;
    case 'arguments_delta':
      output.arguments += asString(delta.arguments) ?? '';
      break;
    case 'thought_signature':
    case 'text_annotation':
      break;
    default:
      output.others.push(delta);
  }
}

/** The steps that would have come without streaming. */
function stepsOf({ start, texts, summary, arguments: json, others }: PartialOutput): Dict[] {
  const steps: Dict[] = [];
  if (summary || start.type === 'thought') {
    const started = summaryOf(start.summary);
    steps.push({ type: 'thought', summary: [{ text: started + summary }] });
  }
  const text = (start.type === 'text' ? (asString(start.text) ?? '') : startedText(start)) + texts;
  if (text) steps.push({ type: 'text', text });
  if (start.type === 'function_call') {
    // The whole call may come again as a delta.
    const [whole] = others.filter(({ type }) => type === 'function_call');
    steps.push({ ...start, ...whole, ...(json && { arguments: json }) });
    return steps;
  }
  const isOther = !['text', 'thought', 'model_output', undefined].includes(asString(start.type));
  if (isOther && others.length === 0) steps.push(start);
  return [...steps, ...others.map((delta) => ({ ...(isOther && start), ...delta }))];
}

const startedText = (start: Dict): string =>
  asDicts(start.content)
    .map((content) => asString(field(content, 'text')) ?? '')
    .join('');
