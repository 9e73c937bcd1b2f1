import { asArray, asDict, asDicts, asNumber, asString, type Dict } from '../genai/read';
import type { Message, ModelResponse, StreamAccumulator, Usage } from '../genai/types';
import { messageParts } from './messages';

/** The neutral response, from LangChain's LLMResult, or of its part `at` where several prompts went out. */
export function generationResponse(result: unknown, at?: number): ModelResponse {
  const all = asArray(asDict(result)?.generations) ?? [];
  const generations = (at === undefined ? all.flat() : asDicts(all[at])).map((one) => asDict(one) ?? {});
  const output = asDict(asDict(result)?.llmOutput);
  const messages = generations.map(outputMessage);
  const answered = generations.map(({ message }) => asDict(message) ?? {});
  const [first = {}] = answered;
  const metadata = { ...output, ...asDict(first.response_metadata) };
  const ofMessage = answered.map(({ usage_metadata }) => usageOf(usage_metadata)).find(Boolean);
  return {
    id: responseId(first.id, metadata),
    model: modelOf(metadata),
    finishReasons: messages.flatMap(({ finish_reason: reason }) => reason ?? []),
    messages,
    usage: ofMessage ?? (at === undefined ? legacyUsage(metadata) : undefined),
  };
}

function outputMessage(generation: Dict): Message {
  const message = asDict(generation.message);
  const reason = finishReason({
    ...asDict(generation.generationInfo),
    ...asDict(message?.response_metadata),
  });
  const text = asString(generation.text);
  const parts = message ? messageParts(message) : text ? [{ type: 'text', content: text }] : [];
  return { role: 'assistant', parts, ...(reason && { finish_reason: reason }) };
}

/** Providers' own names for it, which LangChain leaves as they are. */
const finishReason = (metadata: Dict): string | undefined =>
  asString(metadata.finish_reason) ??
  asString(metadata.finishReason) ??
  asString(metadata.stop_reason) ??
  asString(metadata.stopReason) ??
  asString(metadata.done_reason);

const modelOf = (metadata: Dict): string | undefined =>
  asString(metadata.model_name) ?? asString(metadata.model) ?? asString(metadata.modelId);

/** Where the provider gave none, LangChain makes one of the run's. */
function responseId(id: unknown, metadata: Dict): string | undefined {
  const given = asString(id);
  return given && !given.startsWith('run-') ? given : asString(metadata.id);
}

function usageOf(value: unknown): Usage | undefined {
  const usage = asDict(value);
  if (!usage) return undefined;
  const input = asDict(usage.input_token_details);
  const output = asDict(usage.output_token_details);
  return {
    input: asNumber(usage.input_tokens),
    output: asNumber(usage.output_tokens),
    cacheRead: asNumber(input?.cache_read),
    cacheWrite: asNumber(input?.cache_creation),
    audioInput: asNumber(input?.audio) || undefined,
    reasoning: asNumber(output?.reasoning),
    audioOutput: asNumber(output?.audio) || undefined,
  };
}

/** Of models that have no messages, or were written before messages had it. */
function legacyUsage(metadata: Dict): Usage | undefined {
  const usage = asDict(metadata.tokenUsage) ?? asDict(metadata.usage);
  if (!usage) return undefined;
  const input = asNumber(usage.promptTokens) ?? asNumber(usage.prompt_tokens) ?? asNumber(usage.input_tokens);
  const output =
    asNumber(usage.completionTokens) ?? asNumber(usage.completion_tokens) ?? asNumber(usage.output_tokens);
  return input === undefined && output === undefined ? undefined : { input, output };
}

/** Puts the message chunks of a chat model, or the texts of a completion model, together. */
export class ChunkAccumulator implements StreamAccumulator<unknown> {
  #id: unknown;
  #text = '';
  /** Content in blocks: of those with the same index, or of texts that follow each other, one is made. */
  readonly #blocks: Dict[] = [];
  readonly #calls = new Map<unknown, { id?: string; name: string; args: string }>();
  readonly #more: Dict = {};
  readonly #metadata: Dict = {};
  #reasoning = '';
  #usage: Dict | undefined;

  add(chunk: unknown): void {
    if (typeof chunk === 'string') {
      this.#text += chunk;
      return;
    }
    const { id, content, additional_kwargs, response_metadata, usage_metadata, ...rest } =
      asDict(chunk) ?? {};
    this.#id ??= id;
    if (typeof content === 'string') this.#text += content;
    else for (const block of asDicts(content)) this.#addBlock(block);
    const pieces = asDicts(rest.tool_call_chunks);
    for (const piece of pieces) this.#addCall(piece);
    if (pieces.length === 0)
      for (const { id: callId, name, args } of asDicts(rest.tool_calls))
        this.#addCall({ id: callId, name, args: JSON.stringify(args), index: callId ?? this.#calls.size });
    const { reasoning_content: reasoning, ...more } = asDict(additional_kwargs) ?? {};
    this.#reasoning += asString(reasoning) ?? '';
    Object.assign(this.#more, more);
    for (const [name, value] of Object.entries(asDict(response_metadata) ?? {}))
      if (value !== undefined && value !== null) this.#metadata[name] = value;
    this.#usage = addedUp(this.#usage, asDict(usage_metadata));
  }

  #addBlock(block: Dict): void {
    const last = this.#blocks.find(({ index }) => index !== undefined && index === block.index);
    const before = last ?? (block.index === undefined ? this.#blocks.at(-1) : undefined);
    if (!before || (before.type !== block.type && block.type !== undefined && !last)) {
      this.#blocks.push({ ...block });
      return;
    }
    for (const [name, value] of Object.entries(block)) {
      const isText = /^(text|thinking|reasoning|input|args)$/.test(name);
      const known = before[name];
      if (isText && typeof value === 'string' && typeof known === 'string') before[name] = known + value;
      else if (known === undefined || name === 'signature' || isText) before[name] = value;
    }
  }

  #addCall({ id, name, args, index }: Dict): void {
    const key = index ?? id ?? 0;
    const call = this.#calls.get(key) ?? { name: '', args: '' };
    this.#calls.set(key, call);
    call.id ??= asString(id);
    call.name += asString(name) ?? '';
    call.args += asString(args) ?? '';
  }

  response(): ModelResponse {
    const blocks = [...(this.#text && this.#blocks.length > 0 ? [{ type: 'text', text: this.#text }] : [])];
    const message: Dict = {
      id: this.#id,
      content: this.#blocks.length > 0 ? [...blocks, ...this.#blocks] : this.#text,
      additional_kwargs: {
        ...this.#more,
        ...(this.#reasoning && { reasoning_content: this.#reasoning }),
      },
      tool_calls: [...this.#calls.values()].map(({ id, name, args }) => ({ id, name, args: parsed(args) })),
      response_metadata: this.#metadata,
      usage_metadata: this.#usage,
    };
    return generationResponse({ generations: [[{ message }]] });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text || '{}') as unknown;
  } catch {
    return text;
  }
}

/** Providers tell their usage at the end, or bit by bit: LangChain adds up what comes, and so does this. */
function addedUp(before: Dict | undefined, more: Dict | undefined): Dict | undefined {
  if (!before || !more) return before ?? more;
  const sum: Dict = { ...before };
  for (const [name, value] of Object.entries(more)) {
    const known = before[name];
    if (typeof value === 'number') sum[name] = value + (asNumber(known) ?? 0);
    else if (asDict(value)) sum[name] = addedUp(asDict(known), asDict(value));
  }
  return sum;
}
