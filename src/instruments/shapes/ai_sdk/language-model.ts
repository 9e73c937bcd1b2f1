import {
  asDict,
  asDicts,
  asNumber,
  asString,
  asStrings,
  asText,
  type Dict,
  parseArguments,
} from '../../genai/read';
import type { ModelRequest, ModelResponse, Part, StreamAccumulator, ToolDefinition } from '../../genai/types';
import { partOf, partsOf, partsOfV1, promptOf, toolCallPart } from './content';
import { finishReasonOf, usageOf } from './usage';

/** `doGenerate` and `doStream` of a language model, V1 to V4. */
export function languageRequest(options: Dict): Partial<ModelRequest> {
  const { system, messages } = promptOf(options.prompt);
  // V1: what the call is for, with the tools in it.
  const mode = asDict(options.mode);
  const tools = asDicts(options.tools ?? mode?.tools ?? (mode?.tool && [mode.tool]));
  const isJson =
    asDict(options.responseFormat)?.type === 'json' || /^object/.test(asString(mode?.type) ?? '');
  return {
    operation: 'chat',
    system,
    messages,
    tools: tools.map(toolDefinition),
    temperature: asNumber(options.temperature),
    topP: asNumber(options.topP),
    topK: asNumber(options.topK),
    maxTokens: asNumber(options.maxOutputTokens) ?? asNumber(options.maxTokens),
    frequencyPenalty: asNumber(options.frequencyPenalty),
    presencePenalty: asNumber(options.presencePenalty),
    seed: asNumber(options.seed),
    stopSequences: nonEmpty(asStrings(options.stopSequences)),
    outputType: isJson ? 'json' : undefined,
    ...thinking(options),
  };
}

const nonEmpty = (list: string[] | undefined) => (list?.length ? list : undefined);

function thinking({ reasoning, providerOptions, providerMetadata }: Dict): Partial<ModelRequest> {
  const options = asDicts(Object.values(asDict(providerOptions ?? providerMetadata) ?? {}));
  const effort = asString(reasoning) ?? options.map((one) => asString(one.reasoningEffort)).find(Boolean);
  const budget = options
    .map(
      (one) =>
        asNumber(asDict(one.thinking)?.budgetTokens) ??
        asNumber(asDict(one.thinkingConfig)?.thinkingBudget) ??
        asNumber(asDict(one.reasoningConfig)?.budgetTokens),
    )
    .find((tokens) => tokens !== undefined);
  return {
    reasoningEffort: effort === 'provider-default' ? undefined : effort,
    thinkingBudget: budget,
  };
}

function toolDefinition({
  type,
  name,
  description,
  inputSchema,
  parameters,
  id,
  args,
}: Dict): ToolDefinition {
  if (type !== 'function') {
    return { type: asString(id) ?? asString(type) ?? 'provider', name: asString(name), parameters: args };
  }
  return {
    type: 'function',
    name: asString(name),
    description: asString(description),
    parameters: inputSchema ?? parameters,
  };
}

export function languageResponse(answer: unknown): ModelResponse {
  const given = asDict(answer) ?? {};
  const { content, finishReason, usage, response, providerMetadata } = given;
  const finish = finishReasonOf(finishReason);
  return {
    ...identityOfResponse(response),
    finishReasons: finish ? [finish] : undefined,
    usage: usageOf(usage, providerMetadata),
    messages: answered(Array.isArray(content) ? partsOf(content) : partsOfV1(given), finish),
  };
}

function identityOfResponse(response: unknown): Pick<ModelResponse, 'id' | 'model'> {
  const { id, modelId } = asDict(response) ?? {};
  return { id: asString(id), model: asString(modelId) };
}

function answered(parts: Part[], finish: string | undefined): ModelResponse['messages'] {
  if (parts.length === 0) return undefined;
  return [{ role: 'assistant', parts, ...(finish && { finish_reason: finish }) }];
}

/** The parts of `doStream`'s stream, V1 to V4. */
export class LanguageAccumulator implements StreamAccumulator<unknown> {
  readonly #parts: Part[] = [];
  /** Texts and reasoning in progress, by the id of their block. */
  readonly #open = new Map<string, { content: string }>();
  /** Arguments of tool calls that have not come as a whole yet. */
  readonly #calls = new Map<string, { name: string; text: string }>();
  readonly #response: ModelResponse = {};
  #finish: string | undefined;
  /** What the provider reported in the middle of the stream. */
  failure: { error: unknown } | undefined;

  add(chunk: unknown): void {
    const part = asDict(chunk) ?? {};
    switch (part.type) {
      case 'text-delta':
        this.#append('text', part);
        break;
      case 'reasoning':
      case 'reasoning-delta':
        this.#append('reasoning', part);
        break;
      case 'tool-input-start':
        this.#extend(part.id, '', part.toolName);
        break;
      case 'tool-input-delta':
        this.#extend(part.id, part.delta, part.toolName);
        break;
      case 'tool-call-delta':
        this.#extend(part.toolCallId, part.argsTextDelta, part.toolName);
        break;
      case 'tool-call':
        this.#calls.delete(asText(part.toolCallId));
        this.#parts.push(toolCallPart(part));
        break;
      case 'tool-result':
      case 'file':
      case 'source':
        this.#parts.push(...[partOf(part)].flat());
        break;
      case 'response-metadata':
        Object.assign(this.#response, defined(identityOfResponse(part)));
        break;
      case 'finish':
        this.#finish = finishReasonOf(part.finishReason);
        this.#response.usage = usageOf(part.usage, part.providerMetadata);
        break;
      case 'error':
        this.failure = { error: part.error };
        break;
    }
  }

  response(): ModelResponse {
    // Of calls that were cut short, what came of them.
    const unfinished = [...this.#calls].map(
      ([id, { name, text }]): Part => ({ type: 'tool_call', id, name, arguments: parseArguments(text) }),
    );
    return {
      ...this.#response,
      finishReasons: this.#finish ? [this.#finish] : undefined,
      messages: answered([...this.#parts, ...unfinished], this.#finish),
    };
  }

  #append(type: 'text' | 'reasoning', { id, delta, textDelta }: Dict): void {
    const text = asString(delta) ?? asString(textDelta) ?? '';
    const key = `${type} ${asText(id)}`;
    const last = this.#parts.at(-1);
    // V1 has no blocks: what follows its like goes on with it.
    const open =
      id === undefined
        ? last?.type === type
          ? (last as Part & { content: string })
          : undefined
        : this.#open.get(key);
    if (open) {
      open.content += text;
      return;
    }
    const part = { type, content: text } as Part & { content: string };
    this.#parts.push(part);
    if (id !== undefined) this.#open.set(key, part);
  }

  #extend(id: unknown, delta: unknown, name: unknown): void {
    const call = this.#calls.get(asText(id));
    if (call) call.text += asString(delta) ?? '';
    else this.#calls.set(asText(id), { name: asString(name) ?? '', text: asString(delta) ?? '' });
  }
}

const defined = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
