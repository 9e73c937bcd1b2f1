import { base64Bytes, blob, mediaPart } from '../../genai/media';
import { asDict, asDicts, asString, asText, type Dict } from '../../genai/read';
import type { Part } from '../../genai/types';

/** Message content of Chat Completions and Responses: a text, or a list of typed parts. */
export function contentParts(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  return asDicts(content).map(contentPart);
}

function contentPart(part: Dict): Part {
  switch (part.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return { type: 'text', content: asString(part.text) ?? '' };
    case 'refusal':
      return { type: 'refusal', content: asString(part.refusal) ?? '' };
    case 'image_url':
      return mediaPart(asDict(part.image_url)?.url ?? part.image_url, 'image');
    case 'video_url':
      return mediaPart(asDict(part.video_url)?.url, 'video');
    case 'audio_url':
      return mediaPart(asDict(part.audio_url)?.url, 'audio');
    case 'input_image':
      return part.file_id ? filePart(part.file_id, 'image') : mediaPart(part.image_url, 'image');
    case 'input_audio':
      return typeof part.input_audio === 'string'
        ? audioText(part.input_audio)
        : audioPart(asDict(part.input_audio) ?? {});
    // Of Mistral alone, also for those who talk to it with OpenAI's client.
    case 'thinking':
      return { type: 'reasoning', content: thinkingText(part.thinking) };
    case 'document_url':
      return { ...mediaPart(part.document_url, 'document'), ...named(part.document_name) };
    case 'file':
    case 'input_file':
      return fileInputPart(asDict(part.file) ?? part);
    default:
      return { ...part, type: asString(part.type) ?? 'unknown' };
  }
}

function audioPart(audio: Dict): Part {
  const data = asString(audio.data);
  const format = asString(audio.format);
  return blob(format && `audio/${format}`, (data && base64Bytes(data)) || undefined, 'audio');
}

/** Mistral takes a URL or base64. */
function audioText(text: string): Part {
  const isUrl = /^(https?|data):/.test(text);
  return isUrl ? mediaPart(text, 'audio') : blob(undefined, base64Bytes(text), 'audio');
}

/** A text, or a list of text chunks with references between them. */
export function thinkingText(thinking: unknown): string {
  if (typeof thinking === 'string') return thinking;
  return asDicts(thinking)
    .map(({ text }) => asString(text) ?? '')
    .join('');
}

function fileInputPart(file: Dict): Part {
  if (file.file_id) return filePart(file.file_id, 'document');
  const data = asString(file.file_data) ?? asString(file.file_url);
  return { ...mediaPart(data, 'document'), ...named(file.filename) };
}

const named = (name: unknown) => (asString(name) ? { filename: name } : {});

function filePart(id: unknown, modality: string): Part {
  return { type: 'file', modality, file_id: asText(id) };
}
