import { jsonOf, payloadPart } from '../genai/bytes';
import { asDict, asNumber, asString, type Dict } from '../genai/read';
import type { Message, ModelRequest, ModelResponse, StreamAccumulator, Usage } from '../genai/types';
import type { SmithyOperation, SmithyService } from '../kit/smithy';
import { applyGuardrail } from '../shapes/bedrock/apply-guardrail';
import { converse } from '../shapes/bedrock/converse';
import { guardrailExtra } from '../shapes/bedrock/guardrail';
import { chunkOf, completedBy, invokeModel } from '../shapes/bedrock/invoke';
import { withCache } from '../shapes/bedrock/usage';

/** Commands of `@aws-sdk/client-bedrock-runtime`. */
export const runtimeCommands: SmithyService['commands'] = {
  ConverseCommand: () => converse,
  ConverseStreamCommand: () => ({
    ...converse,
    request: (input, sender) => ({ ...converse.request(input, sender), stream: true }),
    stream: ({ stream }) => stream,
  }),
  InvokeModelCommand: (input) => invoke(input),
  InvokeModelWithResponseStreamCommand: (input) => {
    const operation = invoke(input);
    return {
      ...operation,
      request: (asked, sender) => ({ ...operation.request(asked, sender), stream: true }),
      stream: ({ body }) => body,
    };
  },
  ApplyGuardrailCommand: () => applyGuardrail,
};

/** The body is bytes, whatever the model makes of it. */
function invoke(input: Dict): SmithyOperation {
  const model = asString(input.modelId);
  const given = jsonOf(input.body);
  const operation = invokeModel(model, given);
  return {
    spanSuffix: operation.spanSuffix,
    request: ({ body, contentType, ...rest }, sender): ModelRequest => {
      const json = asDict(body === input.body ? given : jsonOf(body));
      const request = operation.request(json ?? {}, sender);
      const unread = json || body === undefined ? {} : { messages: payload('user', body, contentType) };
      return { ...request, ...unread, extra: { ...request.extra, ...guardrailExtra(rest) } };
    },
    response: ({ body, contentType }, headers): ModelResponse => {
      const json = jsonOf(body);
      if (json === undefined && body !== undefined) {
        return { messages: payload('assistant', body, contentType), usage: countedBy(headers) };
      }
      const response = operation.response(json);
      return { ...response, usage: completedBy(response.usage, countedBy(headers)) };
    },
    accumulator: () => eventsOf(operation.accumulator?.() ?? singleAnswer(operation.response)),
  };
}

const payload = (role: string, body: unknown, contentType: unknown): Message[] => [
  { role, parts: [payloadPart(body, contentType)] },
];

/** Token counts beside the body, for models that have none in it. */
function countedBy(headers: Dict): Usage | undefined {
  const count = (name: string): number | undefined => {
    const value = asString(headers[`x-amzn-bedrock-${name}-token-count`]);
    return value === undefined ? undefined : asNumber(Number(value));
  };
  const usage = withCache({
    input: count('input'),
    output: count('output'),
    cacheRead: count('cache-read-input'),
    cacheWrite: count('cache-write-input'),
  });
  return usage.input === undefined && usage.output === undefined ? undefined : usage;
}

function eventsOf(chunks: StreamAccumulator<unknown>): StreamAccumulator<unknown> {
  return { add: (event) => chunks.add(chunkOf(event)), response: () => chunks.response() };
}

/** For models that answer with one chunk, though a stream was asked for. */
function singleAnswer(response: (answer: unknown) => ModelResponse): StreamAccumulator<unknown> {
  let last: Dict = {};
  return {
    add: (chunk) => {
      last = { ...last, ...asDict(chunk) };
    },
    response: () => response(last),
  };
}
