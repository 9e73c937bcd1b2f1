import { ATTR } from '../../genai/attributes';
import { base64Bytes, blob, uploadedFile } from '../../genai/media';
import {
  asArray,
  asBoolean,
  asDict,
  asDicts,
  asHeld,
  asNumber,
  asString,
  asStrings,
  type Dict,
} from '../../genai/read';
import type { Message, ModelResponse, Part, StreamAccumulator, WireOperation } from '../../genai/types';
import { baseRequest, samplingOf } from './request';
import { chatUsage, responsesUsage } from './usage';

const textMessage = (role: string, content: string | undefined): Message[] =>
  content === undefined ? [] : [{ role, parts: [{ type: 'text', content }] }];

/** The older text completions. */
export const textCompletions: WireOperation = {
  spanSuffix: 'completion',
  request: (body, sender) => ({
    ...baseRequest('text_completion', body, sender),
    ...samplingOf(body),
    stream: asBoolean(body.stream) || undefined,
    maxTokens: asNumber(body.max_tokens),
    stopSequences: asStrings(body.stop),
    messages: (asStrings(body.prompt) ?? []).flatMap((prompt) => textMessage('user', prompt)),
  }),
  response: completionResponse,
  accumulator: () => new CompletionAccumulator(),
};

function completionResponse(answer: unknown): ModelResponse {
  const body = asDict(answer) ?? {};
  const choices = asDicts(body.choices);
  return {
    id: asString(body.id),
    model: asString(body.model),
    finishReasons: choices.map((choice) => asString(choice.finish_reason) ?? ''),
    messages: choices.flatMap((choice) => textMessage('assistant', asString(choice.text))),
    usage: chatUsage(body.usage),
    extra: { [ATTR.openaiFingerprint]: asString(body.system_fingerprint) },
  };
}

class CompletionAccumulator implements StreamAccumulator<unknown> {
  #head: Dict = {};
  readonly #choices: Dict[] = [];

  add(chunk: unknown): void {
    const body = asDict(chunk);
    if (!body) return;
    this.#head = { ...this.#head, ...body, usage: body.usage ?? this.#head.usage };
    for (const choice of asDicts(body.choices)) {
      const index = asNumber(choice.index) ?? 0;
      const known = (this.#choices[index] ??= { text: '' });
      // Together has deltas, and one finish reason for the chunk.
      const text = asString(choice.text) ?? asString(asDict(choice.delta)?.content) ?? '';
      known.text = `${known.text}${text}`;
      known.finish_reason = choice.finish_reason ?? body.finish_reason ?? known.finish_reason;
    }
  }

  response(): ModelResponse {
    return completionResponse({ ...this.#head, choices: this.#choices });
  }
}

export const embeddings: WireOperation = {
  spanSuffix: 'embeddings',
  request: (body, sender) => ({
    ...baseRequest('embeddings', body, sender),
    dimensions: asNumber(body.dimensions),
    encodingFormats: asStrings(body.encoding_format),
    messages: (asStrings(body.input) ?? []).flatMap((input) => textMessage('user', input)),
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    return {
      model: asString(body.model),
      usage: chatUsage(body.usage),
      dimensions: dimensionsOf(asHeld(asDicts(body.data)[0], 'embedding')),
    };
  },
};

/** Vectors come as numbers or as base64 of 4-byte floats; only their length is kept. */
function dimensionsOf(vector: unknown): number | undefined {
  if (typeof vector === 'string') return base64Bytes(vector) / 4;
  if (ArrayBuffer.isView(vector)) return (vector as Float32Array).length;
  return asArray(vector)?.length;
}

export const images: WireOperation = {
  spanSuffix: 'image_generation',
  request: (body, sender) => ({
    ...baseRequest('image_generation', body, sender),
    choiceCount: asNumber(body.n),
    stream: asBoolean(body.stream) || undefined,
    outputType: 'image',
    messages: imageMessages(body),
  }),
  response: imageResponse,
  accumulator: () => {
    let last: Dict = {};
    return {
      add(chunk) {
        last = asDict(chunk) ?? last;
      },
      response: () => imageResponse({ ...last, data: last.b64_json ? [last] : [] }),
    };
  },
};

function imageMessages(body: Dict): Message[] {
  const given: Part[] = [body.image, body.mask, body.image_url, body.reference_images]
    .flat()
    .filter(Boolean)
    .map((image) => uploadedFile(image, 'image'));
  const prompt = asString(body.prompt);
  if (prompt !== undefined) given.unshift({ type: 'text', content: prompt });
  return given.length > 0 ? [{ role: 'user', parts: given }] : [];
}

function imageResponse(answer: unknown): ModelResponse {
  const body = asDict(answer) ?? {};
  const format = asString(body.output_format) ?? 'png';
  const parts = asDicts(body.data).flatMap((image): Part[] => {
    const data = asString(image.b64_json);
    const url = asString(image.url);
    const revised = asString(image.revised_prompt);
    return [
      ...(data ? [blob(`image/${format}`, base64Bytes(data))] : []),
      ...(url ? [{ type: 'uri', modality: 'image', uri: url }] : []),
      ...(revised ? [{ type: 'revised_prompt', content: revised }] : []),
    ];
  });
  return {
    id: asString(body.id),
    model: asString(body.model),
    messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
    usage: responsesUsage(body.usage),
  };
}

export const moderations: WireOperation = {
  spanSuffix: 'moderation',
  request: (body, sender) => ({
    ...baseRequest('moderation', body, sender),
    messages: [{ role: 'user', parts: moderatedParts(body.input) }],
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const results = asDicts(body.results).map(({ flagged, categories, category_scores }) => ({
      type: 'moderation',
      flagged,
      categories,
      category_scores,
    }));
    return {
      id: asString(body.id),
      model: asString(body.model),
      messages: results.length > 0 ? [{ role: 'assistant', parts: results }] : [],
    };
  },
};

function moderatedParts(input: unknown): Part[] {
  const texts = asStrings(input);
  if (texts) return texts.map((content) => ({ type: 'text', content }));
  return asDicts(input).map((part) => {
    const url = asString(asDict(part.image_url)?.url);
    return url
      ? { type: 'uri', modality: 'image', uri: url }
      : { type: 'text', content: asString(part.text) ?? '' };
  });
}

const speech: WireOperation = {
  spanSuffix: 'speech',
  request: (body, sender) => ({
    ...baseRequest('speech', body, sender),
    stream: asBoolean(body.stream) || undefined,
    outputType: 'speech',
    system: asString(body.instructions) ? [{ type: 'text', content: String(body.instructions) }] : undefined,
    messages: textMessage('user', asString(body.input)),
  }),
  // The answer is the raw response with the audio, or a stream of its pieces: the app alone reads it.
  response: () => ({}),
  accumulator: () => ({ add() {}, response: () => ({}) }),
};

function listening(operation: 'transcription' | 'translation'): WireOperation {
  return {
    spanSuffix: operation,
    request: (body, sender) => ({
      ...baseRequest(operation, body, sender),
      temperature: asNumber(body.temperature),
      stream: asBoolean(body.stream) || undefined,
      outputType: 'text',
      messages: [
        ...textMessage('system', asString(body.prompt)),
        { role: 'user', parts: [uploadedFile(body.file ?? body.url, 'audio')] },
      ],
    }),
    response: listeningResponse,
    accumulator: () => new TranscriptAccumulator(),
  };
}

function listeningResponse(answer: unknown): ModelResponse {
  // Formats like `srt` and `text` are answered with plain text.
  const body = typeof answer === 'string' ? { text: answer } : (asDict(answer) ?? {});
  return {
    messages: textMessage('assistant', asString(body.text)),
    usage: responsesUsage(asDict(body)?.usage),
  };
}

class TranscriptAccumulator implements StreamAccumulator<unknown> {
  #text = '';
  #usage: unknown;

  add(chunk: unknown): void {
    const event = asDict(chunk);
    if (event?.type === 'transcript.text.delta') this.#text += asString(event.delta) ?? '';
    if (event?.type === 'transcript.text.done') this.#text = asString(event.text) ?? this.#text;
    this.#usage = event?.usage ?? this.#usage;
  }

  response(): ModelResponse {
    return listeningResponse({ text: this.#text || undefined, usage: this.#usage });
  }
}

export const audio = {
  speech,
  transcription: listening('transcription'),
  translation: listening('translation'),
};
