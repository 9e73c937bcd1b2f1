import { base64Bytes, blob, mediaPart } from '../genai/media';
import { asDict, asDicts, asString, asText, type Dict, parseArguments } from '../genai/read';
import type { Message, Part, ToolDefinition } from '../genai/types';

/** LlamaIndex's chat messages: a text or a list of details, and calls and results of tools among the `options`. */
export function messageOf(given: unknown): Message {
  const message = asDict(given) ?? {};
  const options = asDict(message.options) ?? {};
  const result = asDict(options.toolResult);
  if (result) {
    const response = result.result ?? message.content;
    return { role: 'tool', parts: [{ type: 'tool_call_response', id: asString(result.id), response }] };
  }
  return {
    role: asString(message.role) ?? 'user',
    parts: [...contentParts(message.content), ...toolCalls(options)],
  };
}

/** One call or a list of them, by version. */
export function toolCalls(options: Dict | undefined): Part[] {
  const given = options?.toolCall;
  return asDicts(Array.isArray(given) ? given : [given]).map((call) => ({
    type: 'tool_call',
    id: asString(call.id),
    name: asString(call.name) ?? '',
    arguments: parseArguments(call.input),
  }));
}

export function contentParts(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  return asDicts(Array.isArray(content) ? content : [content]).map(contentPart);
}

function contentPart(detail: Dict): Part {
  const type = asString(detail.type) ?? 'unknown';
  switch (type) {
    case 'text':
      return { type, content: asString(detail.text) ?? '' };
    case 'image_url':
      return mediaPart(asDict(detail.image_url)?.url, 'image');
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return binaryPart(detail, type === 'file' ? 'document' : type);
    default:
      return { ...detail, type };
  }
}

function binaryPart({ data, mimeType }: Dict, modality: string): Part {
  const bytes = typeof data === 'string' ? base64Bytes(data) : (data as Partial<Uint8Array>)?.byteLength;
  return blob(asString(mimeType), bytes, modality);
}

/** What a user asked, or a text, without the details of a message. */
export function plainText(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  const bundle = asDict(content);
  if (bundle && 'query' in bundle) return plainText(bundle.query);
  const texts = contentParts(content).flatMap((part) => (part.type === 'text' ? [asText(part.content)] : []));
  return texts.length > 0 ? texts.join('\n\n') : undefined;
}

/** What an app asks an engine: as text where that is all of it. */
export const readableContent = (content: unknown): unknown =>
  plainText(content) ?? (content === undefined ? undefined : contentParts(content));

export function toolDefinition(tool: unknown): ToolDefinition {
  const metadata = asDict(asDict(tool)?.metadata) ?? {};
  return {
    type: 'function',
    name: asString(metadata.name),
    description: asString(metadata.description),
    parameters: metadata.parameters,
  };
}
