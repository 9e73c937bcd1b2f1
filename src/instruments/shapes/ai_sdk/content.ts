import { base64Bytes, blob, mediaPart, modalityOf } from '../../genai/media';
import { asArray, asDict, asDicts, asString, type Dict, parseArguments } from '../../genai/read';
import type { Message, Part } from '../../genai/types';

/**
 * Prompts and answers as the AI SDK's providers take and give them: the language model specification, V1 (`ai` 4) to
 * V4 (`ai` 7). Names of fields differ, the parts are the same.
 */
export interface Prompt {
  system: Part[];
  messages: Message[];
}

export function promptOf(prompt: unknown): Prompt {
  const system: Part[] = [];
  const messages: Message[] = [];
  for (const { role, content } of asDicts(prompt)) {
    const parts = partsOf(content);
    if (role === 'system') system.push(...parts);
    else messages.push({ role: asString(role) ?? 'user', parts });
  }
  return { system, messages };
}

export function partsOf(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  return asDicts(content).flatMap(partOf);
}

/** One part of a message or of an answer. */
export function partOf(part: Dict): Part | Part[] {
  switch (part.type) {
    case 'text':
      return { type: 'text', content: asString(part.text) ?? '' };
    case 'reasoning':
      return { type: 'reasoning', content: asString(part.text) ?? '' };
    case 'redacted-reasoning':
    case 'redacted':
      return { type: 'reasoning', content: '', redacted: true };
    case 'image':
      return filePart(part.image, part, 'image');
    case 'file':
    case 'reasoning-file':
      return filePart(fileData(part), part);
    case 'tool-call':
      return toolCallPart(part);
    case 'tool-result':
    case 'tool-error':
      return {
        type: 'tool_call_response',
        ...(asString(part.toolCallId) && { id: asString(part.toolCallId) }),
        response: toolResult(part.output ?? part.result ?? part.error),
      };
    case 'source':
      return sourcePart(part);
    default: {
      const { providerOptions: _, providerMetadata: __, ...rest } = part;
      return { ...rest, type: asString(part.type) ?? 'unknown' };
    }
  }
}

export function toolCallPart({ toolCallId, toolName, args, input }: Dict): Part {
  return {
    type: 'tool_call',
    ...(asString(toolCallId) && { id: asString(toolCallId) }),
    name: asString(toolName) ?? '',
    arguments: parseArguments(input ?? args),
  };
}

/** From V2 on results say of what kind they are: `{ type: 'json', value }`. */
export function toolResult(output: unknown): unknown {
  const { type, value, reason } = asDict(output) ?? {};
  switch (type) {
    case 'text':
    case 'json':
    case 'error-text':
    case 'error-json':
      return value;
    case 'content':
      return partsOf(value);
    case 'execution-denied':
      return { denied: true, ...(reason !== undefined && { reason }) };
    default:
      return output;
  }
}

/**
 * What a file is made of. In the SDK's own class the names that are meant for apps are getters, which make base64 of bytes, or
 * the other way around, and keep it.
 */
export function fileData(file: Dict): unknown {
  const names = ['data', 'base64Data', 'uint8ArrayData', 'base64', 'uint8Array'];
  return names.map((name) => Object.getOwnPropertyDescriptor(file, name)?.value as unknown).find(isGiven);
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Bytes, base64, a URL or, from V4 on, an object that says which of them it is. */
function filePart(data: unknown, part: Dict, modality?: string): Part {
  const mimeType = asString(part.mediaType) ?? asString(part.mimeType);
  const kind = modality ?? modalityOf(mimeType);
  const name = asString(part.filename);
  return { ...fileContent(data, mimeType, kind), ...(name && { filename: name }) };
}

function fileContent(data: unknown, mimeType: string | undefined, modality: string): Part {
  if (data instanceof URL) return mediaPart(data.href, modality);
  if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer)
    return blob(mimeType, data.byteLength, modality);
  if (typeof data === 'string') {
    if (/^(https?|data|gs|s3):/.test(data)) return mediaPart(data, modality);
    return blob(mimeType, base64Bytes(data), modality);
  }
  const { type, text, url, data: inner } = asDict(data) ?? {};
  if (type === 'text') return { type: 'text', content: asString(text) ?? '' };
  if (type === 'url' || type === 'data') return fileContent(url ?? inner, mimeType, modality);
  return blob(mimeType, undefined, modality);
}

function sourcePart({ sourceType, url, title, id }: Dict): Part {
  return {
    type: 'source',
    ...Object.fromEntries(
      Object.entries({ sourceType, url, title, id }).filter(([, value]) => typeof value === 'string'),
    ),
  };
}

/** The parts of a V1 answer, whose fields are beside each other. */
export function partsOfV1({ text, reasoning, toolCalls, files }: Dict): Part[] {
  return [
    ...reasoningParts(reasoning),
    ...(asString(text) ? [{ type: 'text', content: asString(text)! } as Part] : []),
    ...asDicts(toolCalls).map(toolCallPart),
    ...asDicts(files).map((file) => filePart(file.data, file)),
  ];
}

function reasoningParts(reasoning: unknown): Part[] {
  if (typeof reasoning === 'string') return reasoning ? [{ type: 'reasoning', content: reasoning }] : [];
  return (asArray(reasoning) ?? [])
    .map(asDict)
    .filter((part) => part?.type === 'text')
    .map((part) => ({ type: 'reasoning', content: asString(part?.text) ?? '' }));
}
