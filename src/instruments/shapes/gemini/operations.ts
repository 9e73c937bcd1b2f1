import { base64Bytes, blob } from '../../genai/media';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from '../../genai/read';
import type { Message, ModelResponse, Part, WireOperation } from '../../genai/types';
import { contentMessages, withoutBytes } from './content';
import { field } from './fields';
import { baseRequest, generateRequest } from './request';
import { generateResponse, generateUsage } from './response';
import { GenerateAccumulator } from './stream';

/** `:generateContent` and `:streamGenerateContent`, of the Gemini API and of Vertex AI. */
export const generateContent: WireOperation = {
  spanSuffix: 'generate_content',
  request: generateRequest,
  response: (answer) => generateResponse(asDict(answer) ?? {}),
  accumulator: () => new GenerateAccumulator(),
};

/** `:embedContent` (one content), `:batchEmbedContents` (requests with one each), and what SDKs call `contents`. */
export const embedContent: WireOperation = {
  spanSuffix: 'embeddings',
  request: (body, sender) => {
    const requests = asDicts(body.requests);
    const first = requests[0] ?? body;
    return {
      ...baseRequest('embeddings', { ...body, model: body.model ?? first.model }, sender),
      dimensions: asNumber(field(first, 'outputDimensionality')),
      messages: (requests.length > 0 ? requests.map(({ content }) => content) : embedded(body)).flatMap(
        contentMessages,
      ),
    };
  },
  response: embedResponse,
};

/** Each text of a list is embedded for itself. */
const embedded = ({ content, contents }: Dict): unknown[] => asArray(contents) ?? [content ?? contents];

function embedResponse(answer: unknown): ModelResponse {
  const body = asDict(answer) ?? {};
  const vectors = body.embedding ? [asDict(body.embedding) ?? {}] : asDicts(body.embeddings);
  const counted = generateUsage(asDict(field(body, 'usageMetadata')))?.input ?? tokensOf(vectors);
  return {
    dimensions: asArray(vectors[0]?.values)?.length,
    ...(counted !== undefined && { usage: { input: counted } }),
  };
}

/** Vertex AI counts each text for itself. */
function tokensOf(vectors: Dict[]): number | undefined {
  const counts = vectors.flatMap(({ statistics }) => asNumber(field(asDict(statistics), 'tokenCount')) ?? []);
  return counts.length > 0 ? counts.reduce((total, count) => total + count, 0) : undefined;
}

/** Imagen, as the SDK has it: `{ prompt, config: { numberOfImages } }`, and pictures to start from. */
export const generateImages: WireOperation = {
  spanSuffix: 'image_generation',
  request: (body, sender) => {
    const config = asDict(body.config);
    const given = [
      ...mediaOf(body.image),
      ...asDicts(field(body, 'referenceImages')).flatMap((reference) => mediaOf(reference.referenceImage)),
    ];
    return {
      ...baseRequest('image_generation', body, sender),
      choiceCount: asNumber(config?.numberOfImages),
      seed: asNumber(config?.seed),
      outputType: 'image',
      messages: userMessage(asString(body.prompt), given),
    };
  },
  response: (answer) => {
    const images = asDicts(asDict(answer)?.generatedImages);
    return imageAnswer(
      images.flatMap((image) => [
        ...mediaOf(image.image),
        ...textAs('revised_prompt', image.enhancedPrompt),
        ...textAs('filtered', image.raiFilteredReason),
      ]),
    );
  },
};

/** Veo: answers with an operation that goes on by itself; the video is fetched later. */
export const generateVideos: WireOperation = {
  spanSuffix: 'video_generation',
  request: (body, sender) => {
    const source = asDict(body.source) ?? body;
    return {
      ...baseRequest('generate_content', body, sender),
      choiceCount: asNumber(asDict(body.config)?.numberOfVideos),
      outputType: 'video',
      messages: userMessage(asString(source.prompt), [...mediaOf(source.image), ...mediaOf(source.video)]),
    };
  },
  response: (answer) => ({ id: asString(asDict(answer)?.name) }),
};

/** `:predict` of Vertex AI: what it does is the model's business, and told by the shape of the instances. */
export const predict: WireOperation = {
  spanSuffix: 'predict',
  request: (body, sender) => {
    const instances = asDicts(body.instances);
    const parameters = asDict(body.parameters);
    const first = instances[0];
    if (first?.content !== undefined) {
      return {
        ...baseRequest('embeddings', body, sender),
        dimensions: asNumber(field(parameters, 'outputDimensionality')),
        messages: instances.flatMap(({ content }) => contentMessages(content)),
      };
    }
    const isImagen =
      first !== undefined && 'prompt' in first && /^(imagen|imagegeneration)/.test(modelOf(body));
    const messages = instances.flatMap(instanceMessage);
    if (isImagen) {
      const count = asNumber(field(parameters, 'sampleCount'));
      return {
        ...baseRequest('image_generation', body, sender),
        choiceCount: count,
        outputType: 'image',
        messages,
      };
    }
    return {
      ...baseRequest('generate_content', body, sender),
      temperature: asNumber(parameters?.temperature),
      topP: asNumber(field(parameters, 'topP')),
      topK: asNumber(field(parameters, 'topK')),
      maxTokens: asNumber(field(parameters, 'maxOutputTokens')),
      messages,
    };
  },
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const predictions = asArray(body.predictions) ?? [];
    const vectors = predictions.flatMap((prediction) => asDict(asDict(prediction)?.embeddings) ?? []);
    if (vectors.length > 0) return embedResponse({ embeddings: vectors });
    return imageAnswer(predictions.map(predictionPart));
  },
};

const modelOf = ({ model }: Dict): string => asString(model)?.split('/').at(-1) ?? '';

function instanceMessage(instance: Dict): Message[] {
  const prompt = asString(instance.prompt);
  if (prompt === undefined) {
    return [{ role: 'user', parts: [{ ...(withoutImageBytes(instance) as Dict), type: 'instance' }] }];
  }
  return userMessage(prompt, mediaOf(instance.image));
}

function predictionPart(value: unknown): Part {
  const prediction = asDict(value);
  if (!prediction)
    return { type: 'text', content: typeof value === 'string' ? value : JSON.stringify(value) };
  const [image] = mediaOf(prediction);
  const text = asString(prediction.content);
  if (image) return image;
  return text !== undefined
    ? { type: 'text', content: text }
    : { ...(withoutImageBytes(prediction) as Dict), type: 'prediction' };
}

function withoutImageBytes(value: Dict): unknown {
  return withoutBytes(
    Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const media = mediaOf(item);
        return [key, media.length > 0 ? media[0] : item];
      }),
    ),
  );
}

function userMessage(prompt: string | undefined, given: Part[]): Message[] {
  const parts = [...textAs('text', prompt), ...given];
  return parts.length > 0 ? [{ role: 'user', parts }] : [];
}

const textAs = (type: string, content: unknown): Part[] =>
  typeof content === 'string' ? [{ type, content }] : [];

const imageAnswer = (parts: Part[]): ModelResponse => ({
  messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
});

/** An image or a video, by its bytes or by where it lies. */
function mediaOf(value: unknown): Part[] {
  const media = asDict(value);
  if (!media) return [];
  const mime = asString(field(media, 'mimeType'));
  const bytes = [media.imageBytes, media.videoBytes, media.bytesBase64Encoded].find(Boolean);
  if (typeof bytes === 'string') return [blob(mime ?? 'image/png', base64Bytes(bytes))];
  const uri = asString(field(media, 'gcsUri')) ?? asString(media.uri);
  return uri ? [{ type: 'uri', modality: mime?.split('/')[0] ?? 'image', uri }] : [];
}
