import { providerAt, type Server } from './genai/providers';
import { asArray, asDict, asString, type Dict } from './genai/read';
import type { WireOperation } from './genai/types';
import type { HttpApi, HttpRequest } from './http-api/types';
import { defineInstrument } from './kit/define';

/** The wire formats of model APIs, whoever speaks them. What a service of its own has is in its own instrument. */

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrList = (value: unknown): boolean => typeof value === 'string' || Array.isArray(value);
const hasRoles = (messages: unknown): boolean =>
  Array.isArray(messages) && messages.length > 0 && isText(asDict(messages[0])?.role);

const provider = (server: Server): string => providerAt(server, '');

/** OpenAI's format is spoken by many, but where another instrument of ours is at home it knows better. */
const isForAnyone = (server: Server): boolean =>
  provider(server) !== 'aleph_alpha' && server.port !== 1416 && !/hayhooks|deepset/.test(server.address);

const openai = (path: RegExp, rest: Pick<HttpApi, 'fits' | 'operation'> & Partial<HttpApi>): HttpApi => ({
  instrument: 'model_http',
  shape: 'openai',
  library: 'openai',
  provider: 'openai',
  path,
  isAt: isForAnyone,
  body: modelOfDeployment,
  ...rest,
});

/** Azure names the model in the URL: `/openai/deployments/<name>/chat/completions`. */
function modelOfDeployment(body: Dict, { url }: HttpRequest): Dict {
  const [, deployment] = /\/deployments\/([^/]+)\//.exec(url.pathname) ?? [];
  return deployment && !body.model ? { ...body, model: decodeURIComponent(deployment) } : body;
}

const namesModel = (body: Dict, { url }: HttpRequest): boolean =>
  isText(body.model) || /\/deployments\/[^/]+\//.test(url.pathname);

const openaiOperations = () =>
  require('./shapes/openai/other-operations') as typeof import('./shapes/openai/other-operations');

const openaiApis: HttpApi[] = [
  openai(/\/chat\/completions$/, {
    isDistinct: true,
    fits: (body, request) => namesModel(body, request) && hasRoles(body.messages),
    operation: () => (require('./shapes/openai/chat') as typeof import('./shapes/openai/chat')).chat,
  }),
  openai(/\/responses$/, {
    fits: (body) => isText(body.model) && (isTextOrList(body.input) || asDict(body.prompt) !== undefined),
    operation: () =>
      (require('./shapes/openai/responses') as typeof import('./shapes/openai/responses')).responses,
  }),
  openai(/\/completions$/, {
    fits: (body, request) => namesModel(body, request) && isTextOrList(body.prompt),
    operation: () => openaiOperations().textCompletions,
  }),
  openai(/\/embeddings$/, {
    fits: (body, request) => namesModel(body, request) && isTextOrList(body.input),
    operation: () => openaiOperations().embeddings,
  }),
];

const anthropic = (path: RegExp, rest: Partial<HttpApi>): HttpApi => ({
  instrument: 'model_http',
  shape: 'anthropic',
  library: 'anthropic',
  provider: 'anthropic',
  path,
  fits: () => false,
  operation: () =>
    (require('./shapes/anthropic/operations') as typeof import('./shapes/anthropic/operations')).messages,
  ...rest,
});

const anthropicApis: HttpApi[] = [
  anthropic(/\/v1\/messages$/, {
    fits: (body, { header }) =>
      isText(body.model) &&
      hasRoles(body.messages) &&
      (typeof body.max_tokens === 'number' || header('anthropic-version') !== undefined),
  }),
  // Claude on Vertex AI.
  anthropic(/\/models\/[^/:]+:(?:streamR|r)awPredict$/, {
    fits: (body) => isText(body.anthropic_version) && hasRoles(body.messages),
    body: (body, { url }) => ({ ...body, model: /\/models\/([^/:]+):/.exec(url.pathname)?.[1] }),
  }),
];

const geminiUrl = () => require('./shapes/gemini/url') as typeof import('./shapes/gemini/url');

const gemini = (method: string, isIn: (body: Dict) => boolean): HttpApi => ({
  instrument: 'model_http',
  shape: 'gemini',
  library: 'google_generativeai',
  provider: 'gcp.gemini',
  path: new RegExp(`/(?:models|tunedModels|endpoints)/[^/:]+:${method}$`),
  isDistinct: method !== 'predict',
  fits: isIn,
  body: (body, { url }) => {
    const { model, stream } = geminiUrl().geminiCall(url.pathname) ?? {};
    return { ...body, model, stream };
  },
  operation: () => geminiOperation(method),
});

function geminiOperation(method: string): WireOperation {
  const operations = require('./shapes/gemini/operations') as typeof import('./shapes/gemini/operations');
  if (method === 'predict') return operations.predict;
  return /embed/i.test(method) ? operations.embedContent : operations.generateContent;
}

const hasContents = ({ contents }: Dict): boolean =>
  asArray(contents)?.some((content) => Array.isArray(asDict(content)?.parts)) ??
  Array.isArray(asDict(contents)?.parts);

const geminiApis: HttpApi[] = [
  gemini('generateContent', hasContents),
  gemini('streamGenerateContent', hasContents),
  gemini('embedContent', ({ content }) => asDict(content) !== undefined),
  gemini('batchEmbedContents', ({ requests }) => Array.isArray(requests)),
  { ...gemini('predict', ({ instances }) => Array.isArray(instances)), isAt: isGoogle },
];

function isGoogle(server: Server): boolean {
  return provider(server).startsWith('gcp.');
}

/** At Cohere alone: `/v1/chat` with a message and a model is what many an app's own service takes. */
const cohere = (path: RegExp, fits: HttpApi['fits'], operation: HttpApi['operation']): HttpApi => ({
  instrument: 'model_http',
  shape: 'cohere',
  library: 'cohere',
  provider: 'cohere',
  path,
  isAt: (server) => provider(server) === 'cohere',
  fits,
  operation,
});

const cohereApis: HttpApi[] = [
  cohere(
    /\/v2\/chat$/,
    (body) => isText(body.model) && hasRoles(body.messages),
    () => (require('./shapes/cohere/chat') as typeof import('./shapes/cohere/chat')).chat,
  ),
  cohere(
    /\/v1\/chat$/,
    (body) => isText(body.message),
    () => (require('./shapes/cohere/chat-v1') as typeof import('./shapes/cohere/chat-v1')).chatV1,
  ),
  cohere(
    /\/v1\/generate$/,
    (body) => isText(body.prompt),
    () => (require('./shapes/cohere/generate') as typeof import('./shapes/cohere/generate')).generate,
  ),
  cohere(
    /\/v[12]\/embed$/,
    (body) => [body.texts, body.images, body.inputs].some(Array.isArray),
    () => (require('./shapes/cohere/embed') as typeof import('./shapes/cohere/embed')).embed,
  ),
  cohere(
    /\/v[12]\/rerank$/,
    (body) => isText(body.query) && Array.isArray(body.documents),
    () => (require('./shapes/cohere/rerank') as typeof import('./shapes/cohere/rerank')).rerank,
  ),
];

/** On its own port or host: `/api/chat` is what web apps call their own services. */
const ollama = (path: RegExp, fits: HttpApi['fits'], operation: HttpApi['operation']): HttpApi => ({
  instrument: 'model_http',
  shape: 'ollama',
  library: 'ollama',
  provider: 'ollama',
  path,
  isAt: (server) => provider(server) === 'ollama' || server.port === 11434,
  fits,
  // Streaming unless told not to.
  body: (body) => ({ ...body, stream: body.stream !== false }),
  operation,
});

const ollamaEmbed = () => require('./shapes/ollama/embed') as typeof import('./shapes/ollama/embed');

const ollamaApis: HttpApi[] = [
  ollama(
    /\/api\/chat$/,
    (body) => isText(body.model) && Array.isArray(body.messages),
    () => (require('./shapes/ollama/chat') as typeof import('./shapes/ollama/chat')).chat,
  ),
  ollama(
    /\/api\/generate$/,
    (body) => isText(body.model),
    () => (require('./shapes/ollama/generate') as typeof import('./shapes/ollama/generate')).generate,
  ),
  ollama(
    /\/api\/embed$/,
    (body) => isText(body.model) && isTextOrList(body.input),
    () => ollamaEmbed().embed,
  ),
  ollama(
    /\/api\/embeddings$/,
    (body) => isText(body.model) && isText(body.prompt),
    () => ollamaEmbed().embeddings,
  ),
];

const bedrock = (method: string, fits: HttpApi['fits'], operation: HttpApi['operation']): HttpApi => ({
  instrument: 'model_http',
  shape: 'bedrock',
  library: 'bedrock',
  provider: 'aws.bedrock',
  path: new RegExp(`/model/[^/]+/${method}$`),
  isDistinct: true,
  fits,
  body: (body, { url }) => ({
    ...body,
    modelId: decodeURIComponent(/\/model\/([^/]+)\//.exec(url.pathname)?.[1] ?? ''),
    stream: /stream$/.test(url.pathname) || undefined,
  }),
  operation,
});

/** Whether it streams is told by the path alone. */
const streaming = (operation: WireOperation, { stream }: Dict): WireOperation => ({
  ...operation,
  request: (body, sender) => ({ ...operation.request(body, sender), ...(stream === true && { stream }) }),
});

function converse(body: Dict): WireOperation {
  const shape = require('./shapes/bedrock/converse') as typeof import('./shapes/bedrock/converse');
  return streaming(shape.converse, body);
}

function invoke(body: Dict): WireOperation {
  const { modelId, stream: _, ...given } = body;
  const shape = require('./shapes/bedrock/invoke') as typeof import('./shapes/bedrock/invoke');
  return streaming(shape.invokeModel(asString(modelId), given), body);
}

const bedrockApis: HttpApi[] = [
  bedrock('converse(?:-stream)?', ({ messages }) => Array.isArray(messages), converse),
  bedrock(
    'invoke(?:-with-response-stream)?',
    (_body, { server }, isNamed) => isNamed || provider(server) === 'aws.bedrock',
    invoke,
  ),
];

export const instrument = defineInstrument({
  id: 'model_http',
  httpApis: [...openaiApis, ...anthropicApis, ...geminiApis, ...cohereApis, ...ollamaApis, ...bedrockApis],
});
