import { type Server, serverOf } from './genai/providers';
import { asDict, asDicts, asString, asStrings, type Dict } from './genai/read';
import type { Message, ModelRequest, ModelResponse, Part, Sender, StreamAccumulator } from './genai/types';
import type { HttpApi, HttpOperation } from './http-api/types';
import { defineInstrument } from './kit/define';

/**
 * Haystack is Python; from Node its pipelines are called over HTTP: those that Hayhooks serves, and those of deepset's
 * cloud. Of what a pipeline takes and gives, the fields that pipelines for people have are told as messages.
 */
const api = (path: RegExp, isAt: HttpApi['isAt'], operation: HttpApi['operation']): HttpApi => ({
  instrument: 'haystack',
  shape: 'haystack',
  library: 'haystack',
  provider: 'haystack',
  path,
  isAt,
  fits: () => true,
  body: (body, { url }) => ({ ...body, 'pipeline name': pipelineOf(url.pathname) }),
  operation,
});

const isHayhooks = ({ address, port }: Server): boolean => port === 1416 || /hayhooks/.test(address);
const isDeepset = ({ address }: Server): boolean => /(^|\.)deepset\.(ai|cloud)$/.test(address);

function pipelineOf(pathname: string): string | undefined {
  const [, inCloud, served] = /\/pipelines\/([^/]+)\/|\/([^/]+)\/(?:run|chat)$/.exec(pathname) ?? [];
  const name = inCloud ?? served;
  return name === undefined || name === 'v1' ? undefined : decodeURIComponent(name);
}

const openaiChat = () => (require('./shapes/openai/chat') as typeof import('./shapes/openai/chat')).chat;

export const instrument = defineInstrument({
  id: 'haystack',
  httpApis: [
    { ...api(/\/chat\/completions$/, isHayhooks, openaiChat), body: undefined },
    api(/\/[^/]+\/chat$/, isHayhooks, openaiChat),
    api(/\/[^/]+\/run$/, isHayhooks, () => run),
    api(/\/pipelines\/[^/]+\/(?:search|chat)(?:-stream)?$/, isDeepset, () => run),
  ],
});

/** What pipelines call that which somebody asks. */
const QUESTIONS = ['query', 'question', 'prompt', 'text', 'queries'];

export const run: HttpOperation = {
  spanSuffix: 'run',
  request: (body, sender) => workflowRequest(body, sender),
  response: (answer) => ({
    messages: outputMessages(answer),
    extra: { 'haystack.query.id': queryId(answer) },
  }),
  accumulator: () => new RunAccumulator(),
};

function workflowRequest({ 'pipeline name': name, ...body }: Dict, sender: Sender): Partial<ModelRequest> {
  const server = serverOf(sender.baseURL);
  return {
    operation: 'invoke_workflow',
    provider: 'haystack',
    serverAddress: server?.address,
    serverPort: server?.port,
    extra: { 'gen_ai.workflow.name': asString(name) },
    messages: inputMessages(body),
  };
}

function inputMessages(body: Dict): Message[] {
  const asked = QUESTIONS.flatMap((name) => asStrings(body[name]) ?? []);
  const parts: Part[] =
    asked.length > 0
      ? asked.map((content) => ({ type: 'text', content }))
      : Object.keys(body).length > 0
        ? [{ type: 'input', content: body }]
        : [];
  return parts.length > 0 ? [{ role: 'user', parts }] : [];
}

const queryId = (answer: unknown): string | undefined => asString(asDict(answer)?.query_id);

/** Answers and documents for each query, a `result` of any kind, or whatever the components gave. */
function outputMessages(answer: unknown): Message[] {
  const body = asDict(answer);
  const result = body?.result ?? answer;
  if (typeof result === 'string') return [{ role: 'assistant', parts: [{ type: 'text', content: result }] }];
  const results = asDicts(body?.results);
  const from = results.length > 0 ? results : [asDict(result) ?? {}];
  const parts = from.flatMap((found): Part[] => [
    ...asDicts(found.answers).map((given) => ({ type: 'text', content: asString(given.answer) ?? '' })),
    ...(asStrings(found.replies) ?? []).map((content) => ({ type: 'text', content })),
    ...asDicts(found.documents).map(({ id, score, content }) => ({
      type: 'document',
      id,
      score,
      content: asString(content),
    })),
  ]);
  if (parts.length > 0) return [{ role: 'assistant', parts }];
  return result === undefined ? [] : [{ role: 'assistant', parts: [{ type: 'output', content: result }] }];
}

/** deepset's streams have pieces of the text (`delta`) and end with the whole result. */
class RunAccumulator implements StreamAccumulator<unknown> {
  #text = '';
  #result: unknown;
  #queryId: string | undefined;

  add(chunk: unknown): void {
    const event = asDict(chunk);
    this.#text += asString(asDict(event?.delta)?.text) ?? '';
    this.#queryId = queryId(event) ?? this.#queryId;
    if (event?.result !== undefined && event.result !== null) this.#result = event.result;
  }

  response(): ModelResponse {
    const messages = this.#text
      ? [{ role: 'assistant', parts: [{ type: 'text', content: this.#text }] }]
      : this.#result === undefined
        ? []
        : outputMessages(this.#result);
    return { messages, extra: { 'haystack.query.id': this.#queryId } };
  }
}
