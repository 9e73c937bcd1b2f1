import { mediaPart } from '../../genai/media';
import { asArray, asDict, asDicts, asString, type Dict, parseArguments } from '../../genai/read';
import type { Message, Part, ToolDefinition } from '../../genai/types';
import { field } from './field';
import { textPart } from './request';

/** Content of a message: a text, or a list of blocks. */
export function contentParts(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)];
  return asDicts(content).map(blockPart);
}

function blockPart(block: Dict): Part {
  switch (block.type) {
    case 'text':
      return textPart(asString(block.text) ?? '');
    case 'thinking':
      return { type: 'reasoning', content: asString(block.thinking) ?? '' };
    case 'image_url': {
      const image = field(block, 'image_url');
      return mediaPart(asDict(image)?.url ?? image, 'image');
    }
    case 'document':
      return documentPart(block.document);
    default:
      return { ...block, type: asString(block.type) ?? 'unknown' };
  }
}

/** A document to ground an answer on, or to rank: a text, or fields of any name. */
export function documentPart(document: unknown): Part {
  if (typeof document === 'string') return { type: 'document', content: document };
  const { id, data, ...rest } = asDict(document) ?? {};
  const fields = data ?? rest;
  const { text, ...others } = asDict(fields) ?? {};
  const content = typeof text === 'string' && Object.keys(others).length === 0 ? text : fields;
  return { type: 'document', ...(typeof id === 'string' && { id }), content };
}

/** Documents of a chat request: what the user gives the model to read. */
export function documentMessages(documents: unknown): Message[] {
  const parts = (asArray(documents) ?? []).map(documentPart);
  return parts.length > 0 ? [{ role: 'user', parts }] : [];
}

/** A message of version 2, asked or answered. */
export function chatMessage(message: Dict, finishReason?: string): Message {
  const role = asString(message.role) ?? (finishReason === undefined ? 'user' : 'assistant');
  if (role === 'tool') {
    const response = asString(message.content) ?? contentParts(message.content);
    const id = asString(field(message, 'tool_call_id'));
    return { role, parts: [{ type: 'tool_call_response', id, response }] };
  }
  const plan = asString(field(message, 'tool_plan'));
  return {
    role,
    parts: [
      ...(plan ? [{ type: 'reasoning', content: plan }] : []),
      ...withCitations(contentParts(message.content), message.citations),
      ...asDicts(field(message, 'tool_calls')).map(toolCall),
    ],
    ...(finishReason && { finish_reason: finishReason }),
  };
}

/** Citations belong to a text, whose characters they count. */
export function withCitations(parts: Part[], citations: unknown): Part[] {
  if (!asArray(citations)?.length) return parts;
  const cited = parts.findIndex(({ type }) => type === 'text');
  if (cited < 0) return [...parts, { type: 'citations', citations }];
  return parts.map((part, index) => (index === cited ? { ...part, citations } : part));
}

/** Calls have a `function` with JSON text in version 2, a name and parameters in version 1. */
export function toolCall(call: Dict): Part {
  const target = asDict(call.function) ?? call;
  return {
    type: 'tool_call',
    ...(typeof call.id === 'string' && { id: call.id }),
    name: asString(target.name) ?? '',
    arguments: parseArguments(target.arguments ?? target.parameters),
  };
}

export function toolDefinition(tool: Dict): ToolDefinition {
  const target = asDict(tool.function) ?? tool;
  return {
    type: asString(tool.type) ?? 'function',
    name: asString(target.name),
    description: asString(target.description),
    parameters: target.parameters ?? field(target, 'parameter_definitions'),
  };
}
