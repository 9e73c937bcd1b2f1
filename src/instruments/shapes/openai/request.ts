import { ATTR } from '../../genai/attributes';
import { providerAt, serverOf } from '../../genai/providers';
import { asNumber, asString, type Dict } from '../../genai/read';
import type { ModelRequest, Operation, Sender } from '../../genai/types';

/** What every request to an OpenAI-compatible API has, whatever the operation. */
export function baseRequest(
  operation: Operation,
  body: Dict,
  sender: Sender,
  apiType?: string,
): ModelRequest {
  const server = serverOf(sender.baseURL);
  return {
    operation,
    // An Azure resource behind a host name of the user's own is told by its client.
    provider: providerAt(server, sender.apiVersion ? 'azure.ai.openai' : (sender.provider ?? 'openai')),
    model: asString(body.model),
    serverAddress: server?.address,
    serverPort: server?.port,
    extra: {
      [ATTR.openaiApiType]: apiType,
      [ATTR.openaiRequestServiceTier]: asString(body.service_tier),
    },
  };
}

export function samplingOf(body: Dict): Partial<ModelRequest> {
  return {
    temperature: asNumber(body.temperature),
    topP: asNumber(body.top_p),
    topK: asNumber(body.top_k),
    frequencyPenalty: asNumber(body.frequency_penalty),
    presencePenalty: asNumber(body.presence_penalty),
    seed: asNumber(body.seed) ?? asNumber(body.random_seed),
    choiceCount: asNumber(body.n),
  };
}
