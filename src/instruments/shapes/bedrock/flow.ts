import { ATTR } from '../../genai/attributes';
import { asDict, asDicts, asString, type Dict } from '../../genai/read';
import type { ModelResponse, Part, StreamAccumulator, WireOperation } from '../../genai/types';
import { baseRequest } from './base';

/** InvokeFlow: a workflow of prompts, agents and code that Bedrock runs. */
export const invokeFlow: WireOperation = {
  spanSuffix: 'invoke_workflow',
  request: (body, sender) => ({
    ...baseRequest('invoke_workflow', undefined, sender),
    conversationId: asString(body.executionId),
    messages: asDicts(body.inputs).map(({ nodeName, content }) => ({
      role: 'user',
      parts: [nodePart(content)],
      ...(asString(nodeName) && { name: String(nodeName) }),
    })),
    extra: {
      [ATTR.workflowName]: asString(body.flowIdentifier),
      'aws.bedrock.flow.alias_id': asString(body.flowAliasIdentifier),
    },
  }),
  response: () => ({}),
  accumulator: () => new FlowAccumulator(),
};

function nodePart(content: unknown): Part {
  const document = asDict(content)?.document;
  return typeof document === 'string'
    ? { type: 'text', content: document }
    : { type: 'document', content: document };
}

class FlowAccumulator implements StreamAccumulator<unknown> {
  readonly #outputs: Dict[] = [];
  #reason: string | undefined;

  add(chunk: unknown): void {
    const event = asDict(chunk) ?? {};
    const output = asDict(event.flowOutputEvent) ?? asDict(event.flowMultiTurnInputRequestEvent);
    if (output) this.#outputs.push(output);
    this.#reason = asString(asDict(event.flowCompletionEvent)?.completionReason) ?? this.#reason;
  }

  response(): ModelResponse {
    return {
      finishReasons: this.#reason ? [this.#reason] : [],
      messages: this.#outputs.map(({ nodeName, content }) => ({
        role: 'assistant',
        parts: [nodePart(content)],
        ...(asString(nodeName) && { name: String(nodeName) }),
      })),
    };
  }
}
