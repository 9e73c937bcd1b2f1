import { base64Bytes, blob, mediaPart } from '../genai/media';
import { asDict, asDicts, asString, type Dict, parseArguments } from '../genai/read';
import type { Message, Part } from '../genai/types';

/** LangChain's messages, and what apps may give in their place, as the neutral ones. */
const ROLES: Record<string, string> = {
  human: 'user',
  ai: 'assistant',
  AIMessageChunk: 'assistant',
  function: 'tool',
};

/** What kind of message it is, or undefined where it is none. */
export function messageType(value: object): string | undefined {
  const message = value as { _getType?: unknown; getType?: unknown; content?: unknown };
  if (!('content' in message)) return undefined;
  const tell = typeof message._getType === 'function' ? message._getType : message.getType;
  return typeof tell === 'function' ? asString(tell.call(value)) : undefined;
}

export function roleOf(message: object): string {
  const { role } = message as { role?: unknown };
  const type = messageType(message) ?? asString(role) ?? 'user';
  // A message of a role that LangChain does not know.
  if (type === 'generic') return asString(role) ?? type;
  return ROLES[type] ?? type;
}

export function toMessage(value: unknown): Message {
  const message = asDict(value);
  if (!message) return { role: 'user', parts: contentParts(value) };
  const role = roleOf(message);
  const name = asString(message.name);
  if (role === 'tool') {
    const id = asString(message.tool_call_id) ?? name;
    const response = asString(message.content) ?? contentParts(message.content);
    return { role, parts: [{ type: 'tool_call_response', ...(id && { id }), response }] };
  }
  return { role, parts: messageParts(message), ...(name && { name }) };
}

/** Content, reasoning and tool calls of a message. */
export function messageParts(message: Dict): Part[] {
  const parts: Part[] = [];
  const more = asDict(message.additional_kwargs);
  const reasoning = asString(more?.reasoning_content) ?? reasoningSummary(more?.reasoning);
  if (reasoning) parts.push({ type: 'reasoning', content: reasoning });
  const calls = asDicts(message.tool_calls);
  const content = contentParts(message.content);
  // Anthropic's calls, and those of messages in blocks, are in the content as well.
  parts.push(...(calls.length > 0 ? content.filter(({ type }) => type !== 'tool_call') : content));
  for (const { id, name, args } of calls)
    parts.push({
      type: 'tool_call',
      ...(asString(id) && { id }),
      name: asString(name) ?? '',
      arguments: args,
    } as Part);
  for (const call of asDicts(message.invalid_tool_calls))
    parts.push({ type: 'tool_call', name: asString(call.name) ?? '', arguments: call.args } as Part);
  return parts;
}

function reasoningSummary(reasoning: unknown): string | undefined {
  const text = asDicts(asDict(reasoning)?.summary)
    .map((part) => asString(part.text) ?? '')
    .join('\n');
  return text || undefined;
}

/** A text, or a list of texts and typed blocks: of a provider's own kind, or of LangChain's. */
export function contentParts(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  if (!Array.isArray(content)) return [];
  return content.map((block: unknown) =>
    typeof block === 'string' ? { type: 'text', content: block } : blockPart(asDict(block) ?? {}),
  );
}

function blockPart(block: Dict): Part {
  switch (block.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'text-plain':
      return { type: 'text', content: asString(block.text) ?? '' };
    case 'thinking':
    case 'reasoning':
      return { type: 'reasoning', content: reasoningText(block) };
    case 'tool_use':
    case 'tool_call':
      return {
        type: 'tool_call',
        ...(asString(block.id) && { id: block.id }),
        name: asString(block.name) ?? '',
        arguments: parseArguments(block.input ?? block.args),
      } as Part;
    case 'image_url':
      return mediaPart(asDict(block.image_url)?.url ?? block.image_url, 'image');
    case 'input_audio': {
      const { data, format } = asDict(block.input_audio) ?? {};
      return bytesPart(data, asString(format) && `audio/${asString(format)}`, 'audio');
    }
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return standardMedia(block, block.type === 'file' ? 'document' : block.type);
    default:
      return { ...withoutBytes(block), type: asString(block.type) ?? 'unknown' };
  }
}

const reasoningText = (block: Dict): string =>
  asString(block.thinking) ??
  asString(block.reasoning) ??
  asString(block.text) ??
  reasoningSummary(block) ??
  '';

/** Media as LangChain writes them (0.3 in snake case), or inside of Anthropic's `source`. */
function standardMedia(block: Dict, modality: string): Part {
  const at = asDict(block.source) ?? block;
  const mimeType = asString(at.mime_type) ?? asString(at.mimeType) ?? asString(at.media_type);
  if (at.data !== undefined) return bytesPart(at.data, mimeType, modality);
  const fileId = asString(at.fileId) ?? asString(at.file_id) ?? asString(at.id);
  if (asString(at.url)) return mediaPart(at.url, modality);
  if (fileId) return { type: 'file', modality, file_id: fileId };
  return blob(mimeType, undefined, modality);
}

function bytesPart(data: unknown, mimeType: string | undefined, modality: string): Part {
  const size =
    typeof data === 'string' ? base64Bytes(data) : ArrayBuffer.isView(data) ? data.byteLength : undefined;
  return blob(mimeType, size, modality);
}

/** Longer than anything but base64 is without a space. */
const MAX_WORD = 4096;

/** A block nobody knows, without what looks like bytes in it. */
function withoutBytes(block: Dict): Dict {
  return Object.fromEntries(
    Object.entries(block).map(([name, value]) => {
      if (typeof value === 'string' && value.length > MAX_WORD && !/\s/.test(value.slice(0, MAX_WORD)))
        return [name, blob(undefined, base64Bytes(value))];
      const inner = asDict(value);
      return [name, inner && !ArrayBuffer.isView(value) ? withoutBytes(inner) : value];
    }),
  );
}
