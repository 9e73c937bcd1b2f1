import { base64Bytes, blob, modalityOf } from '../../genai/media';
import { asArray, asDict, asNumber, asString, type Dict } from '../../genai/read';
import type { Message, Part } from '../../genai/types';
import { field } from './fields';

/**
 * What a prompt may be: a text, a part, a content (a role and its parts), or a list of any of them. Over the wire
 * it is a list of contents; the SDKs make that of the rest, one content of parts that stand side by side.
 */
export function contentMessages(contents: unknown): Message[] {
  const messages: Message[] = [];
  let loose: Part[] = [];
  for (const item of asArray(contents) ?? [contents]) {
    const content = asDict(item);
    if (content && isContent(content)) messages.push(...messagesOf(content));
    else {
      const part = partOf(item);
      if (part && loose.length === 0) messages.push({ role: 'user', parts: loose });
      if (part) loose.push(part);
      continue;
    }
    loose = [];
  }
  return messages;
}

/** A system instruction: any of the above, of which only the parts matter. */
export function contentParts(content: unknown): Part[] {
  return contentMessages(content).flatMap(({ parts }) => parts);
}

const isContent = (content: Dict): boolean => 'parts' in content || 'role' in content;

/** Tool results travel in user contents here; they become tool messages, as with every other provider. */
function messagesOf(content: Dict): Message[] {
  const parts = partsOf(content);
  const results = parts.filter(({ type }) => type === 'tool_call_response');
  const others = parts.filter(({ type }) => type !== 'tool_call_response');
  return [
    ...(results.length > 0 ? [{ role: 'tool', parts: results }] : []),
    ...(others.length > 0 || results.length === 0 ? [{ role: roleOf(content), parts: others }] : []),
  ];
}

export function roleOf(content: Dict | undefined, fallback = 'user'): string {
  const role = asString(content?.role) ?? fallback;
  return role === 'model' ? 'assistant' : role;
}

export function partsOf(content: Dict | undefined): Part[] {
  const parts = content?.parts;
  return (asArray(parts) ?? [parts]).flatMap((part) => partOf(part) ?? []);
}

function partOf(value: unknown): Part | undefined {
  if (typeof value === 'string') return { type: 'text', content: value };
  const part = asDict(value);
  if (!part) return undefined;
  const text = asString(part.text);
  // What carries nothing but a signature of the thoughts before it.
  if (text === '') return undefined;
  if (text !== undefined) return { type: part.thought === true ? 'reasoning' : 'text', content: text };
  for (const [name, read] of Object.entries(READERS)) {
    const data = asDict(field(part, name));
    if (data) return read(data);
  }
  return unknownPart(part);
}

const READERS: Record<string, (data: Dict) => Part> = {
  functionCall: (call) => ({
    type: 'tool_call',
    id: asString(call.id),
    name: asString(call.name) ?? '',
    arguments: withoutBytes(call.args),
  }),
  functionResponse: (answer) => ({
    type: 'tool_call_response',
    // Calls have had ids only lately; before, the name of the function tells which one was answered.
    id: asString(answer.id) ?? asString(answer.name),
    response: withoutBytes(answer.response),
    ...(asArray(answer.parts)?.length && { parts: partsOf(answer) }),
  }),
  inlineData,
  fileData: (file) => {
    const mime = asString(field(file, 'mimeType'));
    return {
      type: 'uri',
      modality: modalityOf(mime),
      uri: asString(field(file, 'fileUri')) ?? '',
      ...(mime && { mime_type: mime }),
    };
  },
  executableCode: (code) => ({
    type: 'server_tool_call',
    id: asString(code.id),
    name: 'code_execution',
    server_tool_call: { type: 'executable_code', language: code.language, code: code.code },
  }),
  codeExecutionResult: (result) => ({
    type: 'server_tool_call_response',
    id: asString(result.id),
    server_tool_call_response: {
      type: 'code_execution_result',
      outcome: result.outcome,
      output: result.output,
    },
  }),
  toolCall: (call) => ({
    type: 'server_tool_call',
    id: asString(call.id),
    name: asString(field(call, 'toolType')) ?? '',
    server_tool_call: withoutBytes(call) as Dict,
  }),
  toolResponse: (answer) => ({
    type: 'server_tool_call_response',
    id: asString(answer.id),
    server_tool_call_response: withoutBytes(answer) as Dict,
  }),
};

function inlineData(data: Dict): Part {
  const content = asString(data.data);
  // Of a stream only the number of bytes is kept.
  const bytes = content === undefined ? asNumber(data.bytes) : base64Bytes(content);
  return blob(asString(field(data, 'mimeType')), bytes);
}

/** Of no known kind: named by its first field, kept as it came. */
function unknownPart(part: Dict): Part {
  const { thoughtSignature: _, ...kept } = part;
  return { ...(withoutBytes(kept) as Dict), type: Object.keys(kept)[0] ?? 'unknown' };
}

/** Deeper than anything the API has; what is below has no business in a span. */
const MAX_DEPTH = 12;

/** `value` with a placeholder for whatever holds the bytes of a file, wherever in it that is. */
export function withoutBytes(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => withoutBytes(item, depth + 1));
  const dict = value as Dict;
  if (typeof dict.data === 'string' && field(dict, 'mimeType')) return inlineData(dict);
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(dict).map(([key, item]) => [key, withoutBytes(item, depth + 1)]));
}
