import { asString } from '../../genai/read';
import type { WireOperation } from '../../genai/types';
import { chat } from '../cohere/chat';
import { chatV1 } from '../cohere/chat-v1';
import { baseRequest } from './base';

/** Bodies as Cohere takes them; the model is in the path. */
const onBedrock = (operation: WireOperation): WireOperation => ({
  ...operation,
  request: (body, sender) => ({
    ...operation.request({ ...body, model: body.modelId }, sender),
    ...baseRequest('chat', asString(body.modelId), sender),
  }),
});

/** Command R and later by InvokeModel, in the first version of Cohere's chat API. */
export const cohereChat = onBedrock(chatV1);

/** The second version: messages as OpenAI has them, an answer of content blocks. */
export const cohereMessages = onBedrock(chat);
