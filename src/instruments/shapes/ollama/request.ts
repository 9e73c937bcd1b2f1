import { base64Bytes, blob, dataUrlPlaceholder } from '../../genai/media';
import { serverOf } from '../../genai/providers';
import { asArray, asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { ModelRequest, Operation, Part, Sender, ToolDefinition } from '../../genai/types';

/**
 * What every request to Ollama's own API has. `stream` is on by default there, and off in Ollama's client: whoever
 * knows better than the body says so.
 */
export function baseRequest(operation: Operation, body: Dict, sender: Sender): ModelRequest {
  const server = serverOf(sender.baseURL);
  return {
    operation,
    provider: sender.provider ?? 'ollama',
    model: asString(body.model),
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}

/** What a request that generates text has besides. */
export function generationOf(body: Dict): Partial<ModelRequest> {
  const options = asDict(body.options) ?? {};
  const limit = asNumber(options.num_predict);
  return {
    stream: body.stream === true || undefined,
    temperature: asNumber(options.temperature),
    topP: asNumber(options.top_p),
    topK: asNumber(options.top_k),
    frequencyPenalty: asNumber(options.frequency_penalty),
    presencePenalty: asNumber(options.presence_penalty),
    seed: asNumber(options.seed),
    stopSequences: asStrings(options.stop),
    // -1 and -2 mean that there is no limit.
    maxTokens: limit !== undefined && limit >= 0 ? limit : undefined,
    // `think: true` names no effort.
    reasoningEffort: asString(body.think),
    outputType: body.format ? 'json' : undefined,
  };
}

export function toolDefinitions(tools: unknown): ToolDefinition[] {
  return asDicts(tools).map((tool) => {
    const { name, description, parameters } = asDict(tool.function) ?? tool;
    return {
      type: asString(tool.type) ?? 'function',
      name: asString(name),
      description: asString(description),
      parameters,
    };
  });
}

export const imageParts = (images: unknown): Part[] => (asArray(images) ?? []).map(imagePart);

/** On the wire images are base64; an app may give bytes or the path of a file instead. */
function imagePart(image: unknown): Part {
  if (ArrayBuffer.isView(image) || image instanceof ArrayBuffer) {
    return blob(undefined, image.byteLength, 'image');
  }
  if (typeof image !== 'string') return { type: 'blob', modality: 'image' };
  const placeholder = dataUrlPlaceholder(image);
  if (placeholder) return placeholder;
  // No base64 text has a dot, nearly every path of an image has one.
  if (/[.\\:]/.test(image.slice(0, 4096))) return { type: 'uri', modality: 'image', uri: image };
  return blob(undefined, base64Bytes(image), 'image');
}
