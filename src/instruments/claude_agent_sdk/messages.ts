import { ATTR } from '../genai/attributes';
import type { Attributes } from '../genai/put';
import { asDict, asDicts, asNumber, asString, type Dict } from '../genai/read';
import { responseAttributes } from '../genai/to-attributes';
import type { Part } from '../genai/types';
import { contentParts } from '../shapes/anthropic/content';
import { messageResponse } from '../shapes/anthropic/response';

/** Messages of Claude Code, as the SDK passes them on. */

/** Whose messages these are: those of an agent that another one's tool runs name the call. */
export const laneOf = (message: Dict): string => asString(message.parent_tool_use_id) ?? '';

export interface ToolUse {
  id: string;
  name: string;
  input: unknown;
}

export function toolUses(message: Dict): ToolUse[] {
  return asDicts(asDict(message.message)?.content).flatMap(({ type, id, name, input }) =>
    type === 'tool_use' && typeof id === 'string' ? { id, name: asString(name) ?? 'tool', input } : [],
  );
}

export interface ToolResult {
  id: string;
  output: unknown;
  isError: boolean;
}

export function toolResults(message: Dict): ToolResult[] {
  return asDicts(asDict(message.message)?.content).flatMap(({ type, tool_use_id, content, is_error }) =>
    type === 'tool_result' && typeof tool_use_id === 'string'
      ? { id: tool_use_id, output: textOrParts(content), isError: is_error === true }
      : [],
  );
}

/** One text stands for itself. */
export function textOrParts(content: unknown): unknown {
  if (typeof content === 'string') return content;
  const parts: Part[] = contentParts(content);
  const [only] = parts;
  return parts.length === 1 && only?.type === 'text' && 'content' in only ? only.content : parts;
}

/** The end of a run, or of a turn of one that is told more: what it came to and what it cost, up to here. */
export interface Outcome {
  output: unknown;
  attributes: Attributes;
  error?: { name: string; message: string };
}

export function outcomeOf(message: Dict): Outcome {
  const { usage } = messageResponse({ usage: message.usage });
  const cost = asNumber(message.total_cost_usd);
  const attributes = responseAttributes({ usage }, false);
  if (cost !== undefined) attributes[ATTR.cost] = cost;
  const result = message.structured_output ?? message.result;
  const subtype = asString(message.subtype) ?? 'success';
  if (subtype === 'success' && message.is_error !== true) return { output: result, attributes };
  const told = [message.errors].flat().filter((one): one is string => typeof one === 'string');
  return {
    output: result,
    attributes,
    error: {
      name: subtype === 'success' ? 'error_during_execution' : subtype,
      message: asString(result) ?? (told.join('\n') || subtype),
    },
  };
}

/** What the first message tells of the session. */
export function openingOf(message: Dict): Attributes {
  const session = asString(message.session_id);
  const model = asString(message.model);
  return {
    ...(session && { [ATTR.conversationId]: session }),
    ...(model && { [ATTR.responseModel]: model }),
  };
}

/** Texts of Claude Code's own that stand where a model would have answered. */
export const isOfModel = (message: Dict): boolean => asDict(message.message)?.model !== '<synthetic>';
