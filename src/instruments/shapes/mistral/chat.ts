import { ATTR } from '../../genai/attributes';
import { asBoolean, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { ModelRequest, Part, Sender, WireOperation } from '../../genai/types';
import { chat as openaiChat } from '../openai/chat';
import { baseRequest, samplingOf } from '../openai/request';

/**
 * Mistral speaks OpenAI's chat completions. What it has of its own (`random_seed`, chunks of reasoning, of documents
 * and of references) shapes/openai knows, since OpenAI's client is used with Mistral as well.
 */
export const chat: WireOperation = {
  ...openaiChat,
  // Agents have their model at Mistral's.
  request: (body, sender) => ({ ...openaiChat.request(body, ofMistral(sender)), extra: agentOf(body) }),
};

/** Fill in the middle: asked like a text completion, answered like a chat. */
export const fim: WireOperation = {
  spanSuffix: 'completion',
  request: (body, sender) => ({
    ...mistralRequest('text_completion', body, sender),
    ...samplingOf(body),
    stream: asBoolean(body.stream) || undefined,
    maxTokens: asNumber(body.max_tokens),
    stopSequences: asStrings(body.stop),
    messages: [{ role: 'user', parts: promptParts(body) }],
  }),
  response: openaiChat.response,
  accumulator: openaiChat.accumulator,
};

function promptParts(body: Dict): Part[] {
  const prompt = asString(body.prompt);
  const suffix = asString(body.suffix);
  return [
    ...(prompt ? [{ type: 'text', content: prompt }] : []),
    ...(suffix ? [{ type: 'suffix', content: suffix }] : []),
  ];
}

export const agentOf = (body: Dict): ModelRequest['extra'] => ({ [ATTR.agentId]: asString(body.agent_id) });

export const ofMistral = (sender: Sender): Sender => ({
  ...sender,
  provider: sender.provider ?? 'mistral_ai',
});

/** What every request has, whatever the operation. */
export function mistralRequest(
  operation: ModelRequest['operation'],
  body: Dict,
  sender: Sender,
): ModelRequest {
  return { ...baseRequest(operation, body, ofMistral(sender)), extra: undefined };
}
