import { base64Bytes, blob, mediaPart } from '../../genai/media';
import { asArray, asDict, asDicts, asString, type Dict } from '../../genai/read';
import type { Message, Part } from '../../genai/types';

/** Content of a message, a system prompt or a tool result: a text, or a list of blocks. */
export function contentParts(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  return asDicts(content).map(blockPart);
}

/** Tool results travel in user messages here; they become tool messages, as with every other provider. */
export function inputMessage(message: Dict): Message[] {
  const role = asString(message.role) ?? 'user';
  const blocks = Array.isArray(message.content) ? asDicts(message.content) : undefined;
  if (!blocks) return [{ role, parts: contentParts(message.content) }];
  const results = blocks.filter(({ type }) => type === 'tool_result');
  const others = blocks.filter(({ type }) => type !== 'tool_result');
  return [
    ...(results.length > 0 ? [{ role: 'tool', parts: results.map(blockPart) }] : []),
    ...(others.length > 0 ? [{ role, parts: others.map(blockPart) }] : []),
  ];
}

function blockPart(block: Dict): Part {
  const type = asString(block.type) ?? 'unknown';
  switch (type) {
    case 'text':
      return { type: 'text', content: asString(block.text) ?? '', ...beside(block) };
    case 'thinking':
      return { type: 'reasoning', content: asString(block.thinking) ?? '', ...beside(block) };
    case 'redacted_thinking':
      return { type: 'reasoning', content: '[redacted]' };
    case 'tool_use':
      return {
        type: 'tool_call',
        id: asString(block.id),
        name: asString(block.name) ?? '',
        arguments: withoutBytes(block.input),
      };
    case 'server_tool_use':
    case 'mcp_tool_use': {
      const server = asString(block.server_name);
      return {
        type: 'server_tool_call',
        id: asString(block.id),
        name: asString(block.name) ?? '',
        server_tool_call: {
          type,
          ...(server && { server_name: server }),
          arguments: withoutBytes(block.input),
        },
      };
    }
    case 'tool_result':
      return {
        type: 'tool_call_response',
        id: asString(block.tool_use_id),
        response: Array.isArray(block.content) ? contentParts(block.content) : withoutBytes(block.content),
        ...(block.is_error === true && { is_error: true }),
      };
    case 'image':
    case 'document':
      return sourcePart(block, asDict(block.source), type);
    default:
      return type.endsWith('_tool_result')
        ? {
            type: 'server_tool_call_response',
            id: asString(block.tool_use_id),
            server_tool_call_response: {
              type,
              response: withoutBytes(block.content),
              ...(block.is_error === true && { is_error: true }),
            },
          }
        : { ...(withoutBytes(block) as Dict), type };
  }
}

/** What a block says besides its text: where it is from, and pieces of a stream that are of no known kind. */
function beside({ citations, deltas }: Dict): Dict {
  return {
    ...(asArray(citations)?.length && { citations: withoutBytes(citations) }),
    ...(asArray(deltas)?.length && { deltas: withoutBytes(deltas) }),
  };
}

function sourcePart(block: Dict, source: Dict | undefined, modality: string): Part {
  const mime = asString(source?.media_type);
  switch (source?.type) {
    case 'base64':
      return bytesOf(source, modality);
    case 'url':
      return mediaPart(source.url, modality);
    case 'file':
      return { type: 'file', modality, file_id: asString(source.file_id) ?? '' };
    case 'text':
      return { type: 'text', content: asString(source.data) ?? '' };
    case 'content': {
      const title = asString(block.title);
      return { type: 'document', ...(title && { title }), content: contentParts(source.content) };
    }
    default:
      return { type: 'blob', modality, ...(mime && { mime_type: mime }) };
  }
}

function bytesOf(source: Dict, modality?: string): Part {
  return blob(asString(source.media_type), base64Bytes(asString(source.data) ?? ''), modality);
}

/** Deeper than anything the API has; what is below has no business in a span. */
const MAX_DEPTH = 12;

/** `value` with a placeholder for whatever holds the bytes of a file, wherever in it that is. */
function withoutBytes(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => withoutBytes(item, depth + 1));
  const dict = value as Dict;
  if (dict.type === 'base64' && typeof dict.data === 'string') return bytesOf(dict);
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(dict).map(([key, item]) => [key, withoutBytes(item, depth + 1)]));
}
