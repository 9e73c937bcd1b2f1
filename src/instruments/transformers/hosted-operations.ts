import { ATTR } from '../genai/attributes';
import { providerAt, serverOf } from '../genai/providers';
import { asBoolean, asDict, asNumber, asString, asStrings, type Dict } from '../genai/read';
import type { ModelRequest, ModelResponse, StreamAccumulator, WireOperation } from '../genai/types';
import { ChatAccumulator, chat } from '../shapes/openai/chat';
import { dimensionsOf, inputParts, outputMessages } from './parts';
import { isGenerating, modalityOfInput, modalityOfTask, operationOf, outputTypeOf } from './tasks';

const PROVIDER = 'huggingface';

/** What of the first argument of every function says where it goes: the rest is known once the URL is made. */
function sender(args: Dict) {
  const model = asString(args.model);
  // Up to 3.x, a model may be a URL.
  const isUrl = model !== undefined && /^(https?:)?\//.test(model);
  return {
    baseURL: asString(args.endpointUrl) ?? (isUrl ? model : undefined),
    provider: PROVIDER,
    model: isUrl ? undefined : model,
    extra: { [ATTR.huggingFaceProvider]: routedProvider(args.provider) },
  };
}

/** Who answers behind the router, where it is not Hugging Face itself and is known beforehand. */
function routedProvider(provider: unknown): string | undefined {
  return provider === 'auto' || provider === 'hf-inference' ? undefined : asString(provider);
}

/** `chatCompletion` and `chatCompletionStream` speak OpenAI's Chat Completions. */
export const chatCompletion = {
  ...chat,
  request(args: Dict): ModelRequest {
    const from = sender(args);
    const request = chat.request(args, from);
    return { ...request, model: from.model, extra: { ...request.extra, ...from.extra } };
  },
  accumulator: () => new ChatAccumulator(),
} satisfies Partial<WireOperation>;

/** Every other task: `{ inputs, parameters }`, or the bytes of one file as `data`. */
export function taskRequest(task: string, args: Dict): ModelRequest {
  const { baseURL, provider, model, extra } = sender(args);
  const server = serverOf(baseURL);
  const operation = operationOf(task);
  const parameters = asDict(args.parameters) ?? {};
  const parts = [
    ...inputParts(inputOf(args), modalityOfInput(task)),
    ...inputParts(args.data ?? [], modalityOfTask(task)),
    ...instructions(parameters),
  ];
  return {
    operation,
    provider: providerAt(server, provider),
    model,
    serverAddress: server?.address,
    serverPort: server?.port,
    stream: asBoolean(args.stream) || undefined,
    outputType: outputTypeOf(operation),
    dimensions: asNumber(args.dimensions),
    seed: asNumber(parameters.seed),
    extra,
    ...(isGenerating(operation) && samplingOf(parameters)),
    messages: parts.length > 0 ? [{ role: 'user', parts }] : [],
  };
}

/** `prompt`, `text` and the like are how `request` may be called, which sends whatever it is given. */
const inputOf = (args: Dict): unknown => args.inputs ?? args.prompt ?? args.text ?? [];

/** Parameters that are words of the user's. */
function instructions(parameters: Dict) {
  return ['prompt', 'negative_prompt', 'candidate_labels'].flatMap((name) =>
    inputParts(parameters[name] ?? []).map((part) => ({ ...part, name })),
  );
}

/** Of the parameters of text generation, wherever they come from. */
export function samplingOf(parameters: Dict): Partial<ModelRequest> {
  return {
    temperature: asNumber(parameters.temperature),
    topP: asNumber(parameters.top_p),
    topK: asNumber(parameters.top_k),
    maxTokens: asNumber(parameters.max_new_tokens) ?? asNumber(parameters.max_length),
    stopSequences: asStrings(parameters.stop) ?? asStrings(parameters.stop_sequences),
    choiceCount: asNumber(parameters.num_return_sequences),
  };
}

export function taskResponse(task: string, answer: unknown): ModelResponse {
  const operation = operationOf(task);
  if (operation === 'embeddings') return { dimensions: dimensionsOf(answer) };
  const details = asDict(asDict(answer)?.details);
  const finish = asString(details?.finish_reason);
  // Scores alone, of a similarity or a regression, are no words.
  const messages = isNumbers(answer) ? [] : outputMessages(answer, mediaAnswer(operation));
  return {
    finishReasons: finish ? [finish] : [],
    messages: messages.map((message) => ({ ...message, ...(finish && { finish_reason: finish }) })),
    usage: details && { input: prefillOf(details), output: asNumber(details.generated_tokens) },
  };
}

const isNumbers = (answer: unknown): boolean =>
  Array.isArray(answer) && answer.length > 0 && answer.every((item) => typeof item === 'number');

const mediaAnswer = (operation: string): string | undefined =>
  ({ image_generation: 'image', video_generation: 'video', speech: 'audio' })[operation];

/** The tokens of the prompt, where the app asked for them. */
function prefillOf(details: Dict): number | undefined {
  const { prefill } = details;
  return Array.isArray(prefill) && prefill.length > 0 ? prefill.length : undefined;
}

/** Events of `textGenerationStream`: a token each, and with the last one the whole text. */
export class TextGenerationAccumulator implements StreamAccumulator<unknown> {
  #text = '';
  #whole: string | undefined;
  #details: unknown;

  add(chunk: unknown): void {
    const event = asDict(chunk);
    const token = asDict(event?.token);
    if (token && token.special !== true) this.#text += asString(token.text) ?? '';
    this.#whole = asString(event?.generated_text) ?? this.#whole;
    this.#details = event?.details ?? this.#details;
  }

  response(): ModelResponse {
    const generated_text = this.#whole ?? (this.#text || undefined);
    if (generated_text === undefined && !this.#details) return {};
    return taskResponse('text-generation', { generated_text, details: this.#details });
  }
}
