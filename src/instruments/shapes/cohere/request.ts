import { providerAt, serverOf } from '../../genai/providers';
import { asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { Message, ModelRequest, Operation, Part, Sender } from '../../genai/types';
import { field } from './field';

/** What every request to Cohere has, whatever the operation. */
export function baseRequest(operation: Operation, body: Dict, sender: Sender): ModelRequest {
  const server = serverOf(sender.baseURL);
  return {
    operation,
    provider: providerAt(server, sender.provider ?? 'cohere'),
    model: asString(body.model),
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}

/** Both versions of chat, and text generation. */
export function samplingOf(body: Dict): Partial<ModelRequest> {
  return {
    stream: body.stream === true || undefined,
    temperature: asNumber(body.temperature),
    topP: asNumber(body.p),
    topK: asNumber(body.k),
    maxTokens: asNumber(field(body, 'max_tokens')),
    seed: asNumber(body.seed),
    stopSequences: asStrings(field(body, 'stop_sequences')) ?? asStrings(field(body, 'end_sequences')),
    frequencyPenalty: asNumber(field(body, 'frequency_penalty')),
    presencePenalty: asNumber(field(body, 'presence_penalty')),
  };
}

export function outputType(body: Dict): string | undefined {
  const format = field(body, 'response_format') as Dict | undefined;
  if (typeof format?.type !== 'string') return undefined;
  return format.type === 'text' ? 'text' : 'json';
}

export const textPart = (content: string): Part => ({ type: 'text', content });

/** A message of one text; none where there is no text. */
export function textMessage(role: string, text: unknown, finishReason?: string): Message[] {
  if (typeof text !== 'string' || text === '') return [];
  return [{ role, parts: [textPart(text)], ...(finishReason && { finish_reason: finishReason }) }];
}
