import { base64Bytes, blob } from '../../genai/media';
import { asArray, asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { Message, Part, WireOperation } from '../../genai/types';
import { chat as openaiChat } from '../openai/chat';
import { contentParts } from '../openai/content';
import { embeddings as openaiEmbeddings } from '../openai/other-operations';
import { mistralRequest } from './chat';

export const embeddings: WireOperation = {
  spanSuffix: 'embeddings',
  request: (body, sender) => ({
    ...mistralRequest('embeddings', body, sender),
    dimensions: asNumber(body.output_dimension),
    encodingFormats: asStrings(body.encoding_format),
    messages: inputMessages(body.input),
  }),
  response: (answer) => ({
    ...openaiEmbeddings.response(answer),
    id: asString(asDict(answer)?.id),
  }),
};

/** Moderation and classification, of texts or of conversations. */
function judging(operation: 'moderation' | 'classification'): WireOperation {
  return {
    spanSuffix: operation,
    request: (body, sender) => ({
      ...mistralRequest(operation, body, sender),
      messages: inputMessages(body.input),
    }),
    response: (answer) => {
      const body = asDict(answer) ?? {};
      const parts: Part[] = asDicts(body.results).map((result) =>
        operation === 'moderation' ? { ...result, type: operation } : { type: operation, targets: result },
      );
      return {
        id: asString(body.id),
        model: asString(body.model),
        messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
        usage: openaiChat.response({ usage: body.usage }).usage,
      };
    },
  };
}

export const moderation = judging('moderation');
export const classification = judging('classification');

/** Texts; the messages of a conversation; the messages of several. */
function inputMessages(input: unknown): Message[] {
  if (typeof input === 'string') return [{ role: 'user', parts: [{ type: 'text', content: input }] }];
  return (asArray(input) ?? [asDict(input)]).flatMap((item) => {
    if (typeof item === 'string' || Array.isArray(item)) return inputMessages(item);
    const dict = asDict(item);
    if (!dict) return [];
    if (Array.isArray(dict.messages)) return inputMessages(dict.messages);
    return openaiChat.request({ messages: [dict] }, {}).messages ?? [];
  });
}

/** Reads documents: pages of Markdown come back. */
export const ocr: WireOperation = {
  spanSuffix: 'ocr',
  request: (body, sender) => ({
    ...mistralRequest('generate_content', body, sender),
    messages: [
      {
        role: 'user',
        parts: [...contentParts(body.document_annotation_prompt), ...contentParts([body.document])],
      },
    ],
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const usage = asDict(body.usage_info);
    const annotation = asString(body.document_annotation);
    const parts: Part[] = [
      ...asDicts(body.pages).flatMap(pageParts),
      ...(annotation ? [{ type: 'document_annotation', content: annotation }] : []),
    ];
    return {
      model: asString(body.model),
      messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
      extra: {
        'mistral_ai.ocr.usage.pages_processed': asNumber(usage?.pages_processed),
        'mistral_ai.ocr.usage.doc_size_bytes': asNumber(usage?.doc_size_bytes),
      },
    };
  },
};

function pageParts(page: Dict): Part[] {
  const text = asString(page.markdown);
  return [...(text ? [{ type: 'text', content: text }] : []), ...asDicts(page.images).map(pageImage)];
}

function pageImage(image: Dict): Part {
  const data = asString(image.image_base64);
  // A data URL, or base64 alone.
  const bytes = data && base64Bytes(data.slice(data.indexOf(',') + 1));
  return { ...blob(undefined, bytes || undefined, 'image'), id: asString(image.id) };
}
