import { ATTR } from '../../genai/attributes';
import { decoder, type TextDecoding } from '../../genai/bytes';
import { blob } from '../../genai/media';
import { asBoolean, asDict, asDicts, asNumber, asString, asText, type Dict } from '../../genai/read';
import type {
  Message,
  ModelRequest,
  ModelResponse,
  Part,
  Sender,
  StreamAccumulator,
  Usage,
  WireOperation,
} from '../../genai/types';
import { baseRequest } from './base';
import { citationsOf, textWithCitations } from './citations';
import { bytesLength, named } from './content';
import { GUARDRAIL, guardrailExtra } from './guardrail';

/** InvokeAgent; over HTTP the ids of agent, alias and session are in the path. */
export const invokeAgent: WireOperation = {
  spanSuffix: 'invoke_agent',
  request: (body, sender) => ({
    ...agentRequest(body, asDict(body.sessionState), sender),
    extra: {
      [ATTR.agentId]: asString(body.agentId),
      'aws.bedrock.agent.alias_id': asString(body.agentAliasId),
    },
  }),
  response: () => ({}),
  accumulator: () => new AgentAccumulator(),
};

/** An agent that is described in the request itself. */
export const invokeInlineAgent: WireOperation = {
  spanSuffix: 'invoke_agent',
  request: (body, sender) => ({
    ...agentRequest(body, asDict(body.inlineSessionState), sender),
    model: asString(body.foundationModel),
    system: textParts(body.instruction),
    tools: asDicts(body.actionGroups).flatMap(toolDefinitions),
    extra: { [ATTR.agentName]: asString(body.agentName), ...guardrailExtra(body.guardrailConfiguration) },
  }),
  response: () => ({}),
  accumulator: () => new AgentAccumulator(),
};

function agentRequest(body: Dict, session: Dict | undefined, sender: Sender): ModelRequest {
  const files = asDicts(session?.files).map(filePart);
  const said = [...textParts(body.inputText), ...files];
  const history = asDicts(asDict(session?.conversationHistory)?.messages);
  const results = asDicts(session?.returnControlInvocationResults).map((member) =>
    resultPart(member, asString(session?.invocationId)),
  );
  return {
    ...baseRequest('invoke_agent', undefined, sender),
    stream: asBoolean(asDict(body.streamingConfigurations)?.streamFinalResponse) || undefined,
    conversationId: asString(body.sessionId),
    messages: [
      ...history.map(
        ({ role, content }): Message => ({
          role: asString(role) ?? 'user',
          parts: asDicts(content).flatMap(({ text }) => textParts(text)),
        }),
      ),
      ...(results.length > 0 ? [{ role: 'tool', parts: results }] : []),
      ...(said.length > 0 ? [{ role: 'user', parts: said }] : []),
    ],
  };
}

const textParts = (text: unknown): Part[] =>
  typeof text === 'string' && text !== '' ? [{ type: 'text', content: text }] : [];

function filePart({ name, source }: Dict): Part {
  const { data, mediaType } = asDict(asDict(source)?.byteContent) ?? {};
  return { ...blob(asString(mediaType), bytesLength(data)), filename: asString(name) };
}

function resultPart({ functionResult, apiResult }: Dict, id: string | undefined): Part {
  const result = asDict(functionResult) ?? asDict(apiResult);
  const bodies = Object.values(asDict(result?.responseBody) ?? {}).map((value) => asDict(value)?.body);
  return { type: 'tool_call_response', id, response: bodies.length === 1 ? bodies[0] : bodies };
}

function toolDefinitions({ actionGroupName, functionSchema, apiSchema }: Dict) {
  const group = asString(actionGroupName);
  const functions = asDicts(asDict(functionSchema)?.functions);
  if (functions.length === 0) return [{ type: 'api', name: group, parameters: apiSchema }];
  return functions.map(({ name, description, parameters }) => ({
    type: 'function',
    name: asString(name),
    description: asString(description),
    parameters,
  }));
}

/** Puts the events of an agent together: what it said, what it wants done, and what its traces tell of models. */
class AgentAccumulator implements StreamAccumulator<unknown> {
  readonly #text: TextDecoding = decoder();
  readonly #citations: Dict[] = [];
  readonly #reasoning: Part[] = [];
  readonly #wanted: Part[] = [];
  readonly #found: Part[] = [];
  #usage: Usage | undefined;
  readonly #models = new Set<string>();
  #guardrailAction: string | undefined;

  add(chunk: unknown): void {
    const event = asDict(chunk) ?? {};
    const said = asDict(event.chunk);
    if (said) {
      this.#text.add(said.bytes);
      this.#citations.push(...citationsOf(asDict(said.attribution)?.citations));
    }
    this.#wanted.push(...wantedCalls(asDict(event.returnControl)));
    for (const { name, type, bytes } of asDicts(asDict(event.files)?.files)) {
      this.#found.push({ ...blob(asString(type), bytesLength(bytes)), filename: name });
    }
    const traces = named(asDict(asDict(event.trace)?.trace) ?? {});
    for (const [kind, trace] of Object.entries(traces)) this.#addTrace(kind, named(asDict(trace) ?? {}));
  }

  #addTrace(kind: string, trace: Dict): void {
    if (kind === 'guardrailTrace') {
      this.#guardrailAction = asString(trace.action) ?? this.#guardrailAction;
      if (trace.action === 'INTERVENED') this.#found.push({ ...trace, type: 'guardrail' });
    }
    const model = asString(asDict(trace.modelInvocationInput)?.foundationModel);
    if (model) this.#models.add(model);
    this.#reasoning.push(
      ...textParts(asDict(trace.rationale)?.text).map((part) => ({ ...part, type: 'reasoning' })),
    );
    const output = asDict(trace.modelInvocationOutput);
    this.#addUsage(asDict(asDict(output?.metadata)?.usage));
  }

  /** An agent calls models as often as it likes; each says what it used. */
  #addUsage(usage: Dict | undefined): void {
    if (!usage) return;
    const { input, output } = this.#usage ?? {};
    const sum = (known: number | undefined, more: unknown) =>
      asNumber(more) === undefined ? known : (known ?? 0) + Number(more);
    this.#usage = { input: sum(input, usage.inputTokens), output: sum(output, usage.outputTokens) };
  }

  response(): ModelResponse {
    const text = this.#text.text();
    const parts: Part[] = [
      ...this.#reasoning,
      ...(text ? [textWithCitations(text, this.#citations)] : []),
      ...this.#wanted,
      ...this.#found,
    ];
    return {
      // With several of them nobody can say whose the tokens were.
      model: this.#models.size === 1 ? [...this.#models][0] : undefined,
      messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
      usage: this.#usage,
      finishReasons: this.#guardrailAction === 'INTERVENED' ? ['guardrail_intervened'] : [],
      extra: { [GUARDRAIL.action]: this.#guardrailAction },
    };
  }
}

/** What the agent hands back to the app to do. */
function wantedCalls(control: Dict | undefined): Part[] {
  return asDicts(control?.invocationInputs).map(({ functionInvocationInput, apiInvocationInput }) => {
    const wanted = asDict(functionInvocationInput) ?? asDict(apiInvocationInput) ?? {};
    const name =
      asString(wanted.function) ??
      `${asString(wanted.httpMethod) ?? ''} ${asString(wanted.apiPath) ?? ''}`.trim();
    const given = asDicts(wanted.parameters).map(({ name, value }) => [asText(name), value]);
    return {
      type: 'tool_call',
      id: asString(control?.invocationId),
      name,
      arguments: {
        ...Object.fromEntries(given),
        ...(wanted.requestBody !== undefined && { requestBody: wanted.requestBody }),
      },
    };
  });
}
