import { serverOf } from '../../genai/providers';
import type { ModelRequest, Operation, Sender } from '../../genai/types';

export const BEDROCK = 'aws.bedrock';

/** What every request to Bedrock has, whatever the operation. */
export function baseRequest(operation: Operation, model: string | undefined, sender: Sender): ModelRequest {
  const server = serverOf(sender.baseURL);
  return {
    operation,
    provider: BEDROCK,
    model,
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}
