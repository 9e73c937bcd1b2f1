import { asDict, asDicts, asNumber, asString, type Dict } from '../../genai/read';
import type { WireOperation } from '../../genai/types';
import { chat } from '../openai/chat';
import { baseRequest } from './base';

/**
 * Chat models with the messages of OpenAI: Mistral, Jamba, gpt-oss, Qwen, Palmyra, DeepSeek 3, imported models.
 * Mistral's choices have a `stop_reason`, and a `message` also where it is a piece of a stream.
 */
export const openaiLike: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => {
    const { modelId, ...rest } = body;
    return {
      ...chat.request(rest, sender),
      ...baseRequest('chat', asString(modelId), sender),
      topK: asNumber(body.top_k),
      extra: {},
    };
  },
  response: (answer) => ({ ...chat.response(likeOpenAI(answer)), extra: {} }),
  accumulator: () => {
    const chunks = chat.accumulator!();
    return {
      add: (chunk) => chunks.add(likeOpenAI(chunk)),
      response: () => ({ ...chunks.response(), extra: {} }),
    };
  },
};

function likeOpenAI(answer: unknown): Dict {
  const body = asDict(answer) ?? {};
  const choices = asDicts(body.choices).map((choice) => ({
    ...choice,
    finish_reason: choice.finish_reason ?? choice.stop_reason,
    delta: choice.delta ?? choice.message,
  }));
  return { ...body, choices };
}
