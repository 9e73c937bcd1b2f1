import { base64Bytes, blob } from '../../genai/media';
import { asArray, asDict, asDicts, asString, type Dict } from '../../genai/read';
import type { Message, Part } from '../../genai/types';

/**
 * Content of the Converse API: a list of blocks with one member each, `{ text }`, `{ toolUse: { … } }`. Bytes are
 * binary for whoever calls the SDK and base64 on the wire.
 */
export function contentParts(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  return asDicts(content).map(blockPart);
}

/** Tool results travel in user messages here; they become tool messages, as with every other provider. */
export function inputMessage(message: Dict): Message[] {
  const role = asString(message.role) ?? 'user';
  const blocks = asDicts(message.content);
  const results = blocks.filter(({ toolResult }) => toolResult !== undefined);
  const others = blocks.filter(({ toolResult }) => toolResult === undefined);
  return [
    ...(results.length > 0 ? [{ role: 'tool', parts: contentParts(results) }] : []),
    ...(others.length > 0 ? [{ role, parts: contentParts(others) }] : []),
    ...(typeof message.content === 'string' ? [{ role, parts: contentParts(message.content) }] : []),
  ];
}

function blockPart(given: Dict): Part {
  const block = named(given);
  if (typeof block.text === 'string') return { type: 'text', content: block.text };
  const type = memberOf(block);
  const value = asDict(block[type]) ?? {};
  switch (type) {
    case 'reasoningContent':
      return { type: 'reasoning', content: reasoningText(value) };
    case 'toolUse':
      return toolUsePart(value);
    case 'toolResult':
      return {
        type: 'tool_call_response',
        id: asString(value.toolUseId),
        response: toolResult(value.content),
        ...(value.status === 'error' && { is_error: true }),
      };
    case 'image':
    case 'video':
    case 'audio':
      return sourcePart(value, type, type);
    case 'document':
      return documentPart(value);
    case 'citationsContent': {
      const text = asDicts(value.content).map((part) => asString(part.text) ?? '');
      const citations = asArray(value.citations);
      return { type: 'text', content: text.join(''), ...(citations?.length && { citations }) };
    }
    case 'guardContent':
      return guardedPart(value);
    default:
      return { [type]: withoutBytes(block[type]), type };
  }
}

/** What an SDK does not know yet arrives as `{ $unknown: [name, value] }`. */
export function named(union: Dict): Dict {
  const [name, value] = asArray(union.$unknown) ?? [];
  return typeof name === 'string' ? { [name]: value } : union;
}

function memberOf(block: Dict): string {
  return Object.keys(block).find((key) => block[key] !== undefined) ?? 'unknown';
}

function reasoningText(reasoning: Dict): string {
  if (reasoning.redactedContent !== undefined) return '[redacted]';
  return asString(asDict(reasoning.reasoningText)?.text) ?? '';
}

function toolUsePart({ toolUseId, name, input, type }: Dict): Part {
  const call = { id: asString(toolUseId), name: asString(name) ?? '' };
  // A tool that runs on the provider's side.
  return typeof type === 'string'
    ? { type: 'server_tool_call', ...call, server_tool_call: { type, arguments: withoutBytes(input) } }
    : { type: 'tool_call', ...call, arguments: withoutBytes(input) };
}

function toolResult(content: unknown): unknown {
  const blocks = asDicts(content);
  const [only] = blocks;
  if (blocks.length === 1 && only?.json !== undefined) return withoutBytes(only.json);
  if (blocks.length === 1 && typeof only?.text === 'string') return only.text;
  return contentParts(content);
}

function documentPart(document: Dict): Part {
  const source = asDict(document.source);
  const title = asString(document.name);
  const named = { ...(title && { title }) };
  if (typeof source?.text === 'string') return { type: 'document', ...named, content: source.text };
  if (source?.content) return { type: 'document', ...named, content: contentParts(source.content) };
  return { ...sourcePart(document, 'document', 'application'), ...named };
}

/** Media given as bytes or as an object in S3. */
function sourcePart({ format, source }: Dict, modality: string, mimeFamily: string): Part {
  const { bytes, s3Location } = asDict(source) ?? {};
  const mime = asString(format) && `${mimeFamily}/${format}`;
  const uri = asString(asDict(s3Location)?.uri);
  return uri
    ? { type: 'uri', modality, uri, ...(mime && { mime_type: mime }) }
    : blob(mime, bytesLength(bytes), modality);
}

function guardedPart(value: Dict): Part {
  const text = asDict(value.text);
  const qualifiers = asArray(text?.qualifiers);
  if (text) {
    return {
      type: 'text',
      content: asString(text.text) ?? '',
      guarded: true,
      ...(qualifiers?.length && { qualifiers }),
    };
  }
  return { ...sourcePart(asDict(value.image) ?? {}, 'image', 'image'), guarded: true };
}

export function bytesLength(bytes: unknown): number | undefined {
  if (typeof bytes === 'string') return base64Bytes(bytes);
  return ArrayBuffer.isView(bytes) || bytes instanceof ArrayBuffer ? bytes.byteLength : undefined;
}

/** Deeper than anything the API has; what is below has no business in a span. */
const MAX_DEPTH = 12;

/** `value` with a placeholder for every field called `bytes`, wherever in it that is. */
export function withoutBytes(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (depth > MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => withoutBytes(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'bytes' && bytesLength(item) !== undefined
        ? `[${bytesLength(item)} bytes]`
        : withoutBytes(item, depth + 1),
    ]),
  );
}
