import type { EntityKind } from '../../telemetry/entity-span';
import { ATTR } from '../genai/attributes';
import type { Attributes } from '../genai/put';
import {
  asArray,
  asDict,
  asDicts,
  asNumber,
  asString,
  asText,
  type Dict,
  parseArguments,
} from '../genai/read';
import type { ModelRequest, ModelResponse, Operation, Usage } from '../genai/types';
import { chat } from '../shapes/openai/chat';
import { responses } from '../shapes/openai/responses';

/** What a span of the framework is to us, by its data. */
export type Role =
  | { as: 'entity'; kind: EntityKind; name: string; spanName?: string; attributes: Attributes }
  | { as: 'model'; operation: Operation }
  /** Only groups what else is there: a whole run, a turn of it. */
  | { as: 'nothing' };

const LOG_TYPE = 'respan.entity.log_type';

export function roleOf(data: Dict): Role {
  const name = asString(data.name);
  switch (data.type) {
    case 'agent':
      return entity('agent', name ?? 'Agent', {
        [ATTR.operationName]: 'invoke_agent',
        [ATTR.agentName]: name ?? 'Agent',
      });
    case 'function':
      return entity('tool', name ?? 'tool', {
        [ATTR.operationName]: 'execute_tool',
        [ATTR.toolName]: name ?? 'tool',
      });
    case 'handoff':
      return { ...entity('task', 'handoff', { [LOG_TYPE]: 'handoff' }), spanName: 'handoff' };
    case 'guardrail':
      return entity('task', name ?? 'guardrail', { [LOG_TYPE]: 'guardrail' }, `${name ?? ''}.guardrail`);
    case 'generation':
    case 'response':
      return { as: 'model', operation: 'chat' };
    case 'transcription':
      return { as: 'model', operation: 'transcription' };
    case 'speech':
      return { as: 'model', operation: 'speech' };
    case 'task':
    case 'turn':
      return { as: 'nothing' };
    case 'mcp_tools':
      return entity('task', `mcp tools${data.server ? ` of ${asString(data.server)}` : ''}`);
    default:
      return entity('task', name ?? asString(data.type) ?? 'custom');
  }
}

function entity(
  kind: EntityKind,
  name: string,
  attributes: Attributes = {},
  spanName?: string,
): Extract<Role, { as: 'entity' }> {
  return { as: 'entity', kind, name, attributes, ...(spanName && { spanName }) };
}

/** What is known of a step at its end; its data is filled in while it runs. */
export interface Outcome {
  input?: unknown;
  output?: unknown;
  attributes: Attributes;
}

export function outcomeOf(data: Dict): Outcome {
  const attributes: Attributes = {};
  const put = (key: string, value: unknown) => {
    if (typeof value === 'string' || typeof value === 'boolean') attributes[key] = value;
  };
  switch (data.type) {
    case 'function':
      return {
        input: parsed(data.input),
        output: parsed(data.output),
        attributes: data.mcp_data ? { [ATTR.toolType]: 'extension' } : {},
      };
    case 'handoff':
      put('respan.metadata.from_agent', data.from_agent);
      put('respan.metadata.to_agent', data.to_agent);
      return { attributes };
    case 'guardrail':
      put('respan.metadata.guardrail_name', data.name);
      put('respan.metadata.triggered', data.triggered);
      return { attributes };
    case 'mcp_tools':
      return { output: data.result, attributes };
    case 'custom':
      return { input: isEmpty(data.data) ? undefined : data.data, attributes };
    case 'speech_group':
      return { input: data.input, attributes };
    default:
      return { attributes };
  }
}

const parsed = (value: unknown): unknown => (value === '' ? undefined : parseArguments(value));
const isEmpty = (value: unknown): boolean => Object.keys(asDict(value) ?? {}).length === 0;

export interface ModelFacts {
  request: Partial<ModelRequest>;
  response: ModelResponse;
}

/** What the framework knows of a model call, once it is over. */
export function modelFactsOf(data: Dict, operation: Operation): ModelFacts {
  if (data.type === 'response') return responseFacts(data);
  if (data.type === 'generation') return generationFacts(data);
  const model = asString(data.model);
  const text = data.type === 'speech' ? asString(data.input) : asString(data.output);
  const role = data.type === 'speech' ? 'user' : 'assistant';
  const messages = text === undefined ? [] : [{ role, parts: [{ type: 'text', content: text }] }];
  return data.type === 'speech'
    ? { request: { operation, model, messages }, response: {} }
    : { request: { operation, model }, response: { messages } };
}

function responseFacts(data: Dict): ModelFacts {
  const answer = asDict(data._response);
  const { model, instructions, temperature, top_p, max_output_tokens } = answer ?? {};
  const body = { model, instructions, temperature, top_p, max_output_tokens, input: wireItems(data._input) };
  const { serverAddress: _, serverPort: __, ...request } = responses.request(withoutNulls(body), {});
  const response = answer ? responses.response(answer) : { id: asString(data.response_id) };
  return { request, response };
}

/** The framework's items, under the names that they have in a request. */
function wireItems(input: unknown): unknown {
  const items = asArray(input);
  if (!items) return input;
  return items.map((item) => {
    const dict = asDict(item);
    if (!dict) return item;
    const { type, callId, output, ...rest } = dict;
    const named = { ...rest, type, ...(callId !== undefined && { call_id: callId }) };
    if (type === 'function_call_result')
      return {
        ...named,
        type: 'function_call_output',
        output: asString(output) ?? asDict(output)?.text ?? output,
      };
    return output === undefined ? named : { ...named, output };
  });
}

function generationFacts(data: Dict): ModelFacts {
  const [first] = asDicts(data.output);
  const { temperature, top_p, frequency_penalty, presence_penalty, reasoning_effort, max_tokens } =
    asDict(data.model_config) ?? {};
  const body = {
    ...{ temperature, top_p, frequency_penalty, presence_penalty, reasoning_effort, max_tokens },
    model: data.model,
    messages: data.input,
  };
  const {
    provider: _,
    serverAddress: __,
    serverPort: ___,
    ...request
  } = chat.request(withoutNulls(body), {});
  const usage = usageOf(asDict(data.usage));
  // With the API's own model it is that API's answer.
  const response = first && Array.isArray(first.choices) ? chat.response(first) : {};
  return { request, response: { ...response, usage: response.usage ?? usage } };
}

function usageOf(usage: Dict | undefined): Usage | undefined {
  if (!usage) return undefined;
  const input = asNumber(usage.input_tokens) ?? asNumber(usage.inputTokens) ?? asNumber(usage.prompt_tokens);
  const output =
    asNumber(usage.output_tokens) ?? asNumber(usage.outputTokens) ?? asNumber(usage.completion_tokens);
  return input === undefined && output === undefined ? undefined : { input, output };
}

function withoutNulls(values: Dict): Dict {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}

/** What was said to an agent: the text, where there is but one. */
export function saidTo(data: Dict): unknown {
  const input = data.type === 'response' ? data._input : data.input;
  const items = asDicts(input).filter(({ role }) => role !== 'system');
  const [only] = items;
  if (items.length !== 1 || only?.role !== 'user') return items.length > 0 ? items.map(essence) : input;
  if (typeof only.content === 'string') return only.content;
  const [part, ...others] = asDicts(only.content);
  return others.length === 0 && typeof part?.text === 'string' ? part.text : items.map(essence);
}

/** Without what says how it came about. */
function essence({ providerData: _, id: __, status: ___, ...item }: Dict): Dict {
  return item;
}

/** What a model has said last in so many words. */
export function saidBy({ messages = [] }: ModelResponse): string | undefined {
  const text = messages
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.type === 'text' && 'content' in part ? [asText(part.content)] : []))
    .join('\n');
  return text || undefined;
}

/** An error as the framework writes it down: a message, and under `data` what it was. */
export function errorFrom(error: unknown): { name: string; message: string } | undefined {
  const given = asDict(error);
  if (!given) return undefined;
  const message = asString(given.message) ?? 'Error';
  const detail = asString(asDict(given.data)?.error) ?? asString(asDict(asDict(given.data)?.error)?.message);
  return { name: 'Error', message: detail && detail !== message ? `${message}: ${detail}` : message };
}
