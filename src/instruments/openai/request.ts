import { ATTR } from '../genai/attributes';
import { providerAt, serverOf } from '../genai/providers';
import { asNumber, asString, type Dict } from '../genai/read';
import type { ModelRequest, Operation } from '../genai/types';
import type { StainlessClient } from '../kit/stainless';

/** What every request of an OpenAI client has, whatever the operation. */
export function baseRequest(
  operation: Operation,
  body: Dict,
  client: StainlessClient,
  apiType?: string,
): ModelRequest {
  const server = serverOf(client.baseURL);
  return {
    operation,
    // An Azure resource behind a host name of the user's own is told by its client.
    provider: providerAt(server, client.apiVersion ? 'azure.ai.openai' : 'openai'),
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
    frequencyPenalty: asNumber(body.frequency_penalty),
    presencePenalty: asNumber(body.presence_penalty),
    seed: asNumber(body.seed),
    choiceCount: asNumber(body.n),
  };
}
