import { mediaPart } from '../genai/media';
import { serverOf } from '../genai/providers';
import {
  asArray,
  asDict,
  asNumber,
  asString,
  asStrings,
  asText,
  type Dict,
  parseArguments,
} from '../genai/read';
import type { ModelRequest, ModelResponse, Part, StreamAccumulator } from '../genai/types';
import { inputOf, within } from './input';

/** What is asked of `model`: `owner/name`, `owner/name:version`, or a version alone. */
export function predictionRequest(model: unknown, options: unknown, client: unknown): ModelRequest {
  const { input, stream } = asDict(options) ?? {};
  const server = serverOf(asDict(client)?.baseUrl);
  const [name, version] = asString(model)?.split(':') ?? [];
  return {
    operation: 'generate_content',
    provider: 'replicate',
    model: name,
    serverAddress: server?.address,
    serverPort: server?.port,
    stream: stream === true || undefined,
    ...inputOf(asDict(input) ?? {}),
    extra: { 'replicate.model.version': version },
  };
}

/** A prediction as the API answers with it, at any time of its life. */
export function predictionResponse(prediction: unknown): ModelResponse {
  const body = asDict(prediction) ?? {};
  const metrics = asDict(body.metrics);
  const input = asNumber(metrics?.input_token_count);
  const output = asNumber(metrics?.output_token_count);
  const parts = outputParts(body.output);
  return {
    id: asString(body.id),
    model: asString(body.model),
    messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
    usage: input === undefined && output === undefined ? undefined : { input, output },
    extra: {
      'replicate.prediction.status': asString(body.status),
      'replicate.prediction.predict_time': asNumber(metrics?.predict_time),
    },
  };
}

/** Language models answer with pieces of one text, others with URLs of files, a few with objects. */
function outputParts(output: unknown): Part[] {
  if (output === null || output === undefined) return [];
  const texts = asStrings(output);
  if (!texts || texts.length !== (asArray(output)?.length ?? 1)) {
    return Array.isArray(output) && output.length === 0 ? [] : [{ type: 'output', value: within(output) }];
  }
  if (texts.every(isFile)) return texts.map((url) => mediaPart(url, modalityOfFile(url)));
  const content = texts.join('');
  return content ? [{ type: 'text', content }] : [];
}

const isFile = (text: string): boolean => /^(https?:\/\/\S+$|data:)/.test(text);

function modalityOfFile(url: string): string {
  if (/\.(png|jpe?g|webp|gif|svg|avif)($|\?)/i.test(url)) return 'image';
  if (/\.(mp4|webm|mov)($|\?)/i.test(url)) return 'video';
  return /\.(wav|mp3|ogg|flac|m4a)($|\?)/i.test(url) ? 'audio' : 'document';
}

/** What a failed or canceled prediction is for a span, or undefined for one that is neither. */
export function predictionError(prediction: unknown): Error | undefined {
  const { status, error } = asDict(prediction) ?? {};
  if (status !== 'failed' && status !== 'canceled' && status !== 'aborted') return undefined;
  const reason = asString(error);
  const failure = Object.assign(new Error(`Prediction ${status}${reason ? `: ${reason}` : ''}`), {
    code: status,
  });
  // Nobody threw it.
  return Object.defineProperty(failure, 'stack', { value: undefined });
}

export function isOver(prediction: unknown): boolean {
  return ['succeeded', 'failed', 'canceled', 'aborted'].includes(asString(asDict(prediction)?.status) ?? '');
}

/** The events of a streamed prediction, and the prediction they make. */
export class EventAccumulator implements StreamAccumulator<unknown> {
  readonly #outputs: string[] = [];
  #status: string | undefined;

  /** `begun` tells which prediction it is, as soon as it was made. */
  constructor(private readonly begun: () => unknown) {}

  add(chunk: unknown): void {
    const { event, data } = asDict(chunk) ?? {};
    // Where it is a FileOutput, that says which URL it reads.
    if (event === 'output') this.#outputs.push(asText(data));
    if (event === 'done') this.#status = doneStatus(data);
  }

  prediction(): Dict {
    const { output, metrics, status, ...begun } = asDict(this.begun()) ?? {};
    return { ...begun, status: this.#status, output: this.#outputs };
  }

  response(): ModelResponse {
    return predictionResponse(this.prediction());
  }
}

/** `{}`, or why the prediction ended before it was ready: `{"reason":"canceled"}`. */
function doneStatus(data: unknown): string {
  const reason = asString(asDict(parseArguments(data))?.reason);
  return reason === 'error' ? 'failed' : (reason ?? 'succeeded');
}
