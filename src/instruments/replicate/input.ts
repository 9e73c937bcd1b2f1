import { blob, dataUrlPlaceholder, mediaPart } from '../genai/media';
import { asDicts, asNumber, asString, asStrings, type Dict } from '../genai/read';
import type { Message, ModelRequest, Part } from '../genai/types';

/**
 * Each model at Replicate defines an input of its own. What most of them call the same is read as what it is; the rest
 * is kept as it is named, with placeholders for files and within bounds.
 */
export function inputOf(input: Dict): Partial<ModelRequest> {
  const system = asString(input.system_prompt) ?? asString(input.system_instruction);
  return {
    temperature: asNumber(input.temperature),
    topP: asNumber(input.top_p),
    topK: asNumber(input.top_k),
    maxTokens:
      asNumber(input.max_tokens) ??
      asNumber(input.max_new_tokens) ??
      asNumber(input.max_completion_tokens) ??
      asNumber(input.max_output_tokens),
    frequencyPenalty: asNumber(input.frequency_penalty),
    presencePenalty: asNumber(input.presence_penalty),
    seed: asNumber(input.seed),
    stopSequences: asStrings(input.stop_sequences) ?? asStrings(input.stop),
    choiceCount: asNumber(input.num_outputs),
    reasoningEffort: asString(input.reasoning_effort),
    system: system ? [{ type: 'text', content: system }] : undefined,
    messages: inputMessages(input),
  };
}

/** Fields that are attributes of the span, or parts of their own. */
const KNOWN = new Set([
  ...['system_prompt', 'system_instruction', 'prompt', 'messages', 'temperature', 'top_p', 'top_k', 'seed'],
  ...['max_tokens', 'max_new_tokens', 'max_completion_tokens', 'max_output_tokens', 'num_outputs'],
  ...['frequency_penalty', 'presence_penalty', 'stop_sequences', 'stop', 'reasoning_effort'],
]);

function inputMessages(input: Dict): Message[] {
  const prompt = asString(input.prompt);
  const others = Object.entries(input).filter(([name, value]) => !KNOWN.has(name) && value !== undefined);
  const files = others.flatMap(([name, value]) => fileParts(name, value));
  const settings = others.filter(([name, value]) => fileParts(name, value).length === 0).slice(0, MAX_FIELDS);
  const parts: Part[] = [
    ...(prompt ? [{ type: 'text', content: prompt }] : []),
    ...files,
    ...(settings.length > 0 ? [{ type: 'input', ...within(Object.fromEntries(settings)) }] : []),
  ];
  const conversation = asDicts(input.messages).map(
    ({ role, content, ...rest }): Message => ({
      role: asString(role) ?? 'user',
      parts: contentParts(content, rest),
    }),
  );
  return [...conversation, ...(parts.length > 0 ? [{ role: 'user', parts }] : [])];
}

function contentParts(content: unknown, rest: Dict): Part[] {
  if (typeof content === 'string' && Object.keys(rest).length === 0) return [{ type: 'text', content }];
  return [{ type: 'message', ...within({ content, ...rest }) }];
}

/** Files are given as bytes, as data URLs or as URLs, alone or in lists. */
function fileParts(name: string, value: unknown): Part[] {
  if (Array.isArray(value)) {
    const parts = value.slice(0, MAX_FIELDS).map((item) => fileParts(name, item)[0]);
    return parts.every((part) => part !== undefined) ? parts : [];
  }
  const bytes = bytesPart(value, modalityOfField(name));
  if (bytes) return [{ ...bytes, name }];
  if (typeof value !== 'string' || !/^(https?:\/\/|data:)/.test(value)) return [];
  return [{ ...mediaPart(value, modalityOfField(name)), name }];
}

function bytesPart(value: unknown, modality?: string): Part | undefined {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return blob(undefined, value.byteLength, modality);
  }
  if (!(value instanceof Blob)) return undefined;
  return value.type ? blob(value.type, value.size) : blob(undefined, value.size, modality);
}

function modalityOfField(name: string): string {
  const kind = /image|mask|audio|video/.exec(name)?.[0];
  return kind === 'mask' ? 'image' : (kind ?? 'document');
}

const MAX_FIELDS = 64;
const MAX_TEXT = 10_000;
const MAX_DEPTH = 6;

/** `value` as far as it goes into a span: bytes, long texts and deep structures do not. */
export const within = <T>(value: T): T => bounded(value, 0) as T;

function bounded(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    const placeholder = dataUrlPlaceholder(value);
    return placeholder ?? (value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);
  }
  if (typeof value !== 'object' || value === null) return value;
  const bytes = bytesPart(value);
  if (bytes) return bytes;
  if (depth > MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.slice(0, MAX_FIELDS).map((item) => bounded(item, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_FIELDS);
  return Object.fromEntries(entries.map(([key, item]) => [key, bounded(item, depth + 1)]));
}
