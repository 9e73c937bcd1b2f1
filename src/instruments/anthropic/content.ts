import { base64Bytes, blob, mediaPart } from '../genai/media';
import { asDict, asDicts, asString, type Dict } from '../genai/read';
import type { Message, Part } from '../genai/types';

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
      return { type: 'text', content: asString(block.text) ?? '' };
    case 'thinking':
      return { type: 'reasoning', content: asString(block.thinking) ?? '' };
    case 'redacted_thinking':
      return { type: 'reasoning', content: '[redacted]' };
    case 'tool_use':
      return {
        type: 'tool_call',
        id: asString(block.id),
        name: asString(block.name) ?? '',
        arguments: block.input,
      };
    case 'server_tool_use':
    case 'mcp_tool_use':
      return {
        type: 'server_tool_call',
        id: asString(block.id),
        name: asString(block.name) ?? '',
        server_tool_call: { type, arguments: block.input },
      };
    case 'tool_result':
      return {
        type: 'tool_call_response',
        id: asString(block.tool_use_id),
        response: resultOf(block.content),
      };
    case 'image':
      return sourcePart(asDict(block.source), 'image');
    case 'document':
      return sourcePart(asDict(block.source), 'document');
    default:
      return type.endsWith('_tool_result')
        ? {
            type: 'server_tool_call_response',
            id: asString(block.tool_use_id),
            server_tool_call_response: { type, response: block.content },
          }
        : { ...block, type };
  }
}

function resultOf(content: unknown): unknown {
  return Array.isArray(content) ? contentParts(content) : content;
}

function sourcePart(source: Dict | undefined, modality: string): Part {
  const mime = asString(source?.media_type);
  switch (source?.type) {
    case 'base64': {
      const data = asString(source.data) ?? '';
      return blob(mime, base64Bytes(data), modality);
    }
    case 'url':
      return mediaPart(source.url, modality);
    case 'file':
      return { type: 'file', modality, file_id: String(source.file_id) };
    case 'text':
      return { type: 'text', content: asString(source.data) ?? '' };
    default:
      return { type: 'blob', modality, ...(mime && { mime_type: mime }) };
  }
}
