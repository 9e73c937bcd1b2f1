import { providerAt, serverOf } from '../../genai/providers';
import { asArray, asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type {
  Message,
  ModelRequest,
  ModelResponse,
  Operation,
  Sender,
  WireOperation,
} from '../../genai/types';
import { chat as openaiChat } from '../openai/chat';
import { ChatEvents, GenerationEvents } from './stream';

/** The REST API of watsonx.ai: its chats are nearly those of OpenAI, the rest is its own. */
const PROVIDER = 'ibm.watsonx.ai';

function baseRequest(operation: Operation, body: Dict, { baseURL }: Sender): ModelRequest {
  const server = serverOf(baseURL);
  return {
    operation,
    provider: providerAt(server, PROVIDER),
    // A deployment knows its model; the answer tells it.
    model: asString(body.model_id) ?? asString(body.model) ?? asString(body.id_or_name),
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}

const textMessage = (role: string, content: string | undefined): Message[] =>
  content === undefined ? [] : [{ role, parts: [{ type: 'text', content }] }];

export const chat: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => ({
    ...openaiChat.request(body, sender),
    ...baseRequest('chat', body, sender),
    extra: {},
  }),
  response: chatResponse,
  accumulator: () => new ChatEvents(),
};

/** The model is `model_id`, and since 2025 `model` too. */
function chatResponse(answer: unknown): ModelResponse {
  const body = asDict(answer) ?? {};
  return openaiChat.response({ ...body, model: body.model ?? body.model_id });
}

export const textGeneration: WireOperation = {
  spanSuffix: 'completion',
  request: (body, sender) => {
    const parameters = asDict(body.parameters) ?? {};
    return {
      ...baseRequest('text_completion', body, sender),
      temperature: asNumber(parameters.temperature),
      topP: asNumber(parameters.top_p),
      topK: asNumber(parameters.top_k),
      maxTokens: asNumber(parameters.max_new_tokens),
      seed: asNumber(parameters.random_seed),
      stopSequences: asStrings(parameters.stop_sequences),
      messages: textMessage('user', asString(body.input)),
    };
  },
  response: generationResponse,
  accumulator: () => new GenerationEvents(generationResponse),
};

function generationResponse(answer: unknown): ModelResponse {
  const body = asDict(answer) ?? {};
  const results = asDicts(body.results);
  const reasons = results.map(({ stop_reason }) => asString(stop_reason) ?? '');
  return {
    model: asString(body.model_id),
    finishReasons: reasons.filter((reason) => reason !== 'not_finished'),
    messages: results.flatMap(({ generated_text }, i) =>
      textMessage('assistant', asString(generated_text)).map((message) => ({
        ...message,
        ...(reasons[i] && reasons[i] !== 'not_finished' && { finish_reason: reasons[i] }),
      })),
    ),
    usage: results.length > 0 ? generationUsage(results) : undefined,
  };
}

function generationUsage(results: Dict[]) {
  return {
    input: sumOf(results, 'input_token_count'),
    output: sumOf(results, 'generated_token_count'),
  };
}

function sumOf(results: Dict[], name: string): number | undefined {
  const counts = results.map((result) => asNumber(result[name])).filter((count) => count !== undefined);
  return counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) : undefined;
}

export const embeddings: WireOperation = {
  spanSuffix: 'embeddings',
  request: (body, sender) => ({
    ...baseRequest('embeddings', body, sender),
    messages: (asStrings(body.inputs) ?? []).flatMap((input) => textMessage('user', input)),
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    return {
      model: asString(body.model_id),
      usage: inputUsage(body),
      dimensions: asArray(asDicts(body.results)[0]?.embedding)?.length,
    };
  },
};

export const rerank: WireOperation = {
  spanSuffix: 'rerank',
  request: (body, sender) => {
    const query = asString(body.query);
    const documents = asDicts(body.inputs).map(({ text }) => ({
      type: 'document',
      content: asString(text) ?? '',
    }));
    return {
      ...baseRequest('rerank', body, sender),
      messages: [
        {
          role: 'user',
          parts: [...(query === undefined ? [] : [{ type: 'text', content: query }]), ...documents],
        },
      ],
    };
  },
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const ranked = asDicts(body.results).map((result) => ({ type: 'ranking', ...result }));
    return {
      model: asString(body.model_id),
      messages: ranked.length > 0 ? [{ role: 'assistant', parts: ranked }] : [],
      usage: inputUsage(body),
    };
  },
};

function inputUsage(body: Dict) {
  const input = asNumber(body.input_token_count);
  return input === undefined ? undefined : { input };
}
