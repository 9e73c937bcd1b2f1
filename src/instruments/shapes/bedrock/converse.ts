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
  ModelRequest,
  ModelResponse,
  Sender,
  StreamAccumulator,
  ToolDefinition,
  WireOperation,
} from '../../genai/types';
import { baseRequest } from './base';
import { contentParts, inputMessage, named } from './content';
import { guardrailExtra, guardrailParts } from './guardrail';
import { converseUsage } from './usage';

/** Converse and ConverseStream; over HTTP `modelId` is in the path, and whoever calls this puts it back. */
export const converse: WireOperation = {
  spanSuffix: 'chat',
  request: converseRequest,
  response: (answer) => converseResponse(asDict(answer) ?? {}),
  accumulator: () => new ConverseAccumulator(),
};

export function converseRequest(body: Dict, sender: Sender): ModelRequest {
  const inference = asDict(body.inferenceConfig);
  const model = asDict(body.additionalModelRequestFields);
  const thinking = asDict(model?.thinking) ?? asDict(model?.reasoning_config);
  const effort = asDict(model?.reasoningConfig)?.maxReasoningEffort ?? model?.reasoning_effort;
  return {
    ...baseRequest('chat', asString(body.modelId), sender),
    temperature: asNumber(inference?.temperature),
    topP: asNumber(inference?.topP),
    topK:
      asNumber(inference?.topK) ?? asNumber(model?.top_k) ?? asNumber(asDict(model?.inferenceConfig)?.topK),
    maxTokens: asNumber(inference?.maxTokens) ?? asNumber(inference?.max_new_tokens),
    stopSequences: asStrings(inference?.stopSequences),
    thinkingBudget: asNumber(thinking?.budget_tokens),
    reasoningEffort: asString(asDict(body.outputConfig)?.effort) ?? asString(effort),
    outputType: asDict(body.outputConfig)?.textFormat ? 'json' : undefined,
    system: contentParts(body.system),
    messages: [...promptVariables(body), ...asDicts(body.messages).flatMap(inputMessage)],
    tools: asDicts(asDict(body.toolConfig)?.tools).map(toolDefinition),
    extra: guardrailExtra(body.guardrailConfig),
  };
}

/** A prompt kept at Bedrock is asked for by its ARN: all that is sent is what goes into it. */
function promptVariables({ promptVariables: variables }: Dict): Message[] {
  if (!asDict(variables)) return [];
  const values = Object.entries(asDict(variables) ?? {}).map(([name, value]) => [
    name,
    asDict(value)?.text ?? value,
  ]);
  return [{ role: 'user', parts: [{ type: 'prompt_variables', variables: Object.fromEntries(values) }] }];
}

function toolDefinition(tool: Dict): ToolDefinition {
  const spec = asDict(tool.toolSpec);
  if (spec) {
    return {
      type: 'function',
      name: asString(spec.name),
      description: asString(spec.description),
      parameters: asDict(spec.inputSchema)?.json,
    };
  }
  const system = asDict(tool.systemTool);
  return system ? { ...system, type: 'systemTool' } : { ...tool, type: Object.keys(tool)[0] ?? 'unknown' };
}

export function converseResponse(body: Dict): ModelResponse {
  const message = asDict(asDict(body.output)?.message);
  const reason = asString(body.stopReason);
  const trace = asDict(body.trace);
  const parts = [...contentParts(message?.content), ...guardrailParts(trace)];
  return {
    // A prompt router says which model it chose.
    model: asString(asDict(trace?.promptRouter)?.invokedModelId),
    finishReasons: reason ? [reason] : [],
    messages:
      parts.length > 0
        ? [{ role: asString(message?.role) ?? 'assistant', parts, ...(reason && { finish_reason: reason }) }]
        : [],
    usage: converseUsage(body.usage),
  };
}

interface PartialBlock {
  start: Dict;
  text: string;
  reasoning: string;
  redacted: boolean;
  input: string;
  citations: unknown[];
  others: Dict[];
}

/** Puts the events of ConverseStream together again, and those of Nova's own stream, which look the same. */
export class ConverseAccumulator implements StreamAccumulator<unknown> {
  #role: unknown;
  #end: Dict = {};
  readonly #blocks = new Map<number, PartialBlock>();

  add(chunk: unknown): void {
    const event = asDict(chunk);
    const { messageStart, contentBlockStart, contentBlockDelta, messageStop, metadata } = event ?? {};
    if (messageStart) this.#role = asDict(messageStart)?.role;
    const started = asDict(contentBlockStart);
    if (started) this.#block(started).start = named(asDict(started.start) ?? {});
    const delta = asDict(contentBlockDelta);
    if (delta) addDelta(this.#block(delta), asDict(delta.delta) ?? {});
    for (const end of [messageStop, metadata]) Object.assign(this.#end, asDict(end));
  }

  #block(event: Dict): PartialBlock {
    const index = asNumber(event.contentBlockIndex) ?? Math.max(0, this.#blocks.size - 1);
    let block = this.#blocks.get(index);
    if (!block) {
      block = { start: {}, text: '', reasoning: '', redacted: false, input: '', citations: [], others: [] };
      this.#blocks.set(index, block);
    }
    return block;
  }

  response(): ModelResponse {
    const content = [...this.#blocks].sort(([a], [b]) => a - b).flatMap(([, block]) => wholeBlocks(block));
    return converseResponse({ ...this.#end, output: { message: { role: this.#role, content } } });
  }
}

function addDelta(block: PartialBlock, delta: Dict): void {
  const { text, toolUse, reasoningContent, citation, ...others } = named(delta);
  block.text += asString(text) ?? '';
  block.input += asString(asDict(toolUse)?.input) ?? '';
  const reasoning = reasoningContent ? named(asDict(reasoningContent) ?? {}) : undefined;
  block.reasoning += asString(reasoning?.text) ?? '';
  if (reasoning?.redactedContent !== undefined) block.redacted = true;
  if (citation) block.citations.push(citation);
  if (Object.values(others).some((value) => value !== undefined)) block.others.push(others);
}

/** The block that would have come without streaming. */
function wholeBlocks({ start, text, reasoning, redacted, input, citations, others }: PartialBlock): Dict[] {
  const toolUse = asDict(start.toolUse);
  if (toolUse) return [{ toolUse: { ...toolUse, input: input === '' ? undefined : parseArguments(input) } }];
  const blocks: Dict[] = [];
  if (reasoning || redacted) {
    blocks.push({
      reasoningContent: reasoning ? { reasoningText: { text: reasoning } } : { redactedContent: true },
    });
  }
  if (citations.length > 0) blocks.push({ citationsContent: { content: [{ text }], citations } });
  else if (text) blocks.push({ text });
  if (Object.keys(start).length > 0) blocks.push(mergedWith(start, others));
  else blocks.push(...others);
  return blocks;
}

/** Blocks of other kinds: what their start says, and the pieces that came for them. */
function mergedWith(start: Dict, deltas: Dict[]): Dict {
  const [type] = Object.keys(start);
  const pieces = deltas.flatMap((delta) => asArray(delta[type!]) ?? [delta[type!] ?? delta]);
  // Each piece is a whole image, the last one the finished one.
  if (type === 'image') return { image: { ...asDict(start.image), ...asDict(pieces.at(-1)) } };
  if (type === 'toolResult') return { toolResult: { ...asDict(start.toolResult), content: pieces } };
  return pieces.length > 0 ? { [type!]: { ...asDict(start[type!]), deltas: pieces } } : start;
}
