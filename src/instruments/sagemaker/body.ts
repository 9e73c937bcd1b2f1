import { payloadPart } from '../genai/bytes';
import { asArray, asDict, asDicts, asNumber, asString, asStrings, asText, type Dict } from '../genai/read';
import type {
  Message,
  ModelRequest,
  ModelResponse,
  Operation,
  Part,
  StreamAccumulator,
  WireOperation,
} from '../genai/types';
import { chat } from '../shapes/openai/chat';
import { embeddings, textCompletions } from '../shapes/openai/other-operations';
import { GenerationAccumulator, generatedResponse } from './generated';

/** What an endpoint speaks is up to the container in it; this is told by the body of the request. */
export interface BodyShape {
  operation: Operation;
  spanSuffix: string;
  /** From the body, where it is JSON, and the whole input of the command. */
  request(body: Dict, input: Dict): Partial<ModelRequest>;
  response(body: unknown, output: Dict): ModelResponse;
  accumulator(): StreamAccumulator<unknown>;
}

export function bodyOf(body: unknown): BodyShape {
  const given = asDict(body) ?? {};
  if (Array.isArray(given.messages)) return openai(chat, 'chat');
  if (conversationOf(given.inputs)) return { ...generation, operation: 'chat', spanSuffix: 'chat' };
  if (given.inputs !== undefined || given.text_inputs !== undefined) return generation;
  if (given.prompt !== undefined) return openai(textCompletions, 'text_completion');
  if (given.input !== undefined) return openai(embeddings, 'embeddings');
  return unknownShape;
}

/** vLLM, TGI and DJL with the API of OpenAI. */
function openai(wire: WireOperation, operation: Operation): BodyShape {
  return {
    operation,
    spanSuffix: wire.spanSuffix,
    request: (body) => ({ ...wire.request(body, {}), stream: undefined }),
    // An endpoint may be asked in one way and answer in another.
    response: (body, output) =>
      asArray(asDict(body)?.choices) || asArray(asDict(body)?.data)
        ? { ...wire.response(body), extra: {} }
        : generation.response(body, output),
    accumulator: () => new GenerationAccumulator(),
  };
}

/** TGI, DJL and JumpStart: `inputs` and `parameters`. */
const generation: BodyShape = {
  operation: 'text_completion',
  spanSuffix: 'completion',
  request: ({ inputs, text_inputs, parameters, ...rest }) => {
    const given = { ...rest, ...asDict(parameters) } as Dict;
    return {
      temperature: asNumber(given.temperature),
      topP: asNumber(given.top_p),
      topK: asNumber(given.top_k),
      maxTokens: asNumber(given.max_new_tokens) ?? asNumber(given.max_tokens) ?? asNumber(given.max_length),
      seed: asNumber(given.seed),
      stopSequences: asStrings(given.stop) ?? asStrings(given.stop_sequences),
      choiceCount: asNumber(given.num_return_sequences),
      messages: conversationOf(inputs) ?? inputMessages(inputs ?? text_inputs),
    };
  },
  response: (body, output) => generatedResponse(body) ?? unknownShape.response(body, output),
  accumulator: () => new GenerationAccumulator(),
};

/** A dialog of `{ role, content }`, or a list with one dialog in it, as JumpStart's Llama wants it. */
function conversationOf(inputs: unknown): Message[] | undefined {
  const [first] = asArray(inputs) ?? [];
  const turns = asDicts(Array.isArray(first) ? first : inputs);
  if (turns.length === 0 || turns.some(({ role }) => typeof role !== 'string')) return undefined;
  return turns.map(({ role, content }) => ({
    role: asText(role),
    parts: [{ type: 'text', content: asString(content) ?? '' }],
  }));
}

function inputMessages(inputs: unknown): Message[] {
  const texts = asStrings(inputs);
  const parts: Part[] = texts ? texts.map((content) => ({ type: 'text', content })) : [jsonPart(inputs)];
  return parts.map((part) => ({ role: 'user', parts: [part] }));
}

/** Anything else: numbers, tables, images. */
const unknownShape: BodyShape = {
  operation: 'inference',
  spanSuffix: 'inference',
  request: (body, input) => ({ messages: payload('user', body, input) }),
  response: (body, output) => ({ messages: payload('assistant', body, output) }),
  accumulator: () => new GenerationAccumulator(),
};

function payload(role: string, json: unknown, { Body, ContentType }: Dict): Message[] {
  if (Body === undefined || Body === null) return [];
  const isShort = (Body as { length?: number }).length! <= MAX_JSON_LENGTH;
  const isJson = asDict(json) ? Object.keys(json as Dict).length > 0 : json !== undefined;
  return [{ role, parts: [isJson && isShort ? jsonPart(json) : payloadPart(Body, ContentType)] }];
}

/** What is longer is tensors, not words. */
const MAX_JSON_LENGTH = 16 * 1024;

const jsonPart = (content: unknown): Part => ({ type: 'json', content });
