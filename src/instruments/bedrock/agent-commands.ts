import { ATTR } from '../genai/attributes';
import { asString } from '../genai/read';
import type { ModelResponse, WireOperation } from '../genai/types';
import type { SmithyOperation, SmithyService } from '../kit/smithy';
import { invokeAgent, invokeInlineAgent } from '../shapes/bedrock/agent';
import { invokeFlow } from '../shapes/bedrock/flow';
import { rerankSources, retrieve, retrieveAndGenerate } from '../shapes/bedrock/knowledge';

/** Commands of `@aws-sdk/client-bedrock-agent-runtime`. */
export const agentCommands: SmithyService['commands'] = {
  InvokeAgentCommand: () => streaming(invokeAgent, 'completion'),
  InvokeInlineAgentCommand: () => streaming(invokeInlineAgent, 'completion'),
  RetrieveCommand: () => retrieve,
  RetrieveAndGenerateCommand: () => ({
    ...retrieveAndGenerate,
    accumulator: undefined,
    response: (output) => inSession(retrieveAndGenerate.response(output), output.sessionId),
  }),
  RetrieveAndGenerateStreamCommand: () => {
    const operation = streaming(retrieveAndGenerate, 'stream');
    return {
      ...operation,
      request: (input, sender) => ({ ...operation.request(input, sender), stream: true }),
    };
  },
  InvokeFlowCommand: () => streaming(invokeFlow, 'responseStream'),
  RerankCommand: () => rerankSources,
};

function streaming(operation: WireOperation, member: string): SmithyOperation {
  return {
    ...operation,
    stream: (output) => output[member],
    accumulator: ({ sessionId }) => {
      const events = operation.accumulator!();
      return { add: (event) => events.add(event), response: () => inSession(events.response(), sessionId) };
    },
  };
}

/** A session may begin with this very answer. */
function inSession(response: ModelResponse, sessionId: unknown): ModelResponse {
  const session = asString(sessionId);
  return session ? { ...response, extra: { ...response.extra, [ATTR.conversationId]: session } } : response;
}
