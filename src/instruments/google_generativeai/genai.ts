import { safely } from '../../config/safely';
import { asDict, type Dict } from '../genai/read';
import type { ModelRequest, Sender, WireOperation } from '../genai/types';
import { type ModelOperation, modelMethodOf } from '../kit/method';
import { unchangedRequest } from '../kit/provider-request';
import { patch, type Wrap, type Wrapper } from '../kit/wrap';
import { embedContent, generateContent, generateImages, generateVideos } from '../shapes/gemini/operations';
import { followFunctionCalling } from './function-calling';
import { patchInteractions } from './interactions';
import { patchLive } from './live';

const INSTRUMENT = 'google_generativeai';

/** What a method's parameters are in terms of the API: `config` holds what is in several places of a body. */
type ToBody = (params: Dict, config: Dict | undefined) => Dict;

const generateBody: ToBody = (params, config) => ({
  model: params.model,
  contents: params.contents,
  systemInstruction: config?.systemInstruction,
  tools: config?.tools,
  generationConfig: config,
});

const embedBody: ToBody = (params, config) => ({
  ...params,
  outputDimensionality: config?.outputDimensionality,
});

const asIs: ToBody = (params) => params;

/**
 * Methods of `Models` that send a request, for `@google/genai` 1 to 3. The public ones are arrow functions of each
 * instance around these; chats use them too. From 2 on an answer may take several requests (`…WithContinuation`
 * around `…Internal`), which is still one call.
 */
const METHODS: Record<string, [() => WireOperation, ToBody, isStream?: boolean]> = {
  generateContentInternal: [() => generateContent, generateBody],
  generateContentWithContinuation: [() => generateContent, generateBody],
  generateContentStreamInternal: [() => generateContent, generateBody, true],
  generateContentStreamWithContinuation: [() => generateContent, generateBody, true],
  embedContent: [() => embedContent, embedBody],
  embedContentInternal: [() => embedContent, embedBody],
  generateImagesInternal: [() => generateImages, asIs],
  editImageInternal: [() => generateImages, asIs],
  upscaleImageInternal: [() => generateImages, asIs],
  recontextImage: [() => generateImages, asIs],
  generateVideos: [() => generateVideos, asIs],
  generateVideosInternal: [() => generateVideos, asIs],
};

export function patchGenAI(wrap: Wrap, exports: Dict): void {
  const { Models, GoogleGenAI } = exports;
  if (typeof Models === 'function') {
    const prototype = Models.prototype as object;
    for (const [method, [operation, toBody, isStream]] of Object.entries(METHODS)) {
      wrap(
        prototype,
        method,
        modelMethodOf(INSTRUMENT, () => modelOperation(operation(), toBody, isStream)),
      );
    }
    for (const method of ['generateContent', 'generateContentStream']) {
      wrapOnInstances(prototype, method, followFunctionCalling(INSTRUMENT, method));
    }
  }
  patchLive(INSTRUMENT, wrap, exports);
  if (typeof GoogleGenAI === 'function') patchInteractions(INSTRUMENT, GoogleGenAI.prototype as object);
}

function modelOperation(operation: WireOperation, toBody: ToBody, isStream = false): ModelOperation {
  return {
    instrument: INSTRUMENT,
    name: `${INSTRUMENT}.${operation.spanSuffix}`,
    isPartOfOuter: true,
    request: ([given], self): ModelRequest => {
      const params = asDict(given) ?? {};
      const config = asDict(params.config);
      return operation.request({ ...toBody(params, config), stream: isStream }, senderOf(self, config));
    },
    response: operation.response,
    ...(isStream && { accumulator: operation.accumulator }),
  };
}

/** Where a client's requests go, unless one call has a base URL of its own. */
export function senderOf(self: unknown, config?: Dict): Sender {
  const options = asDict(asDict(asDict(self)?.apiClient)?.clientOptions);
  return {
    baseURL: asDict(config?.httpOptions)?.baseUrl ?? asDict(options?.httpOptions)?.baseUrl,
    provider: options?.vertexai === true ? 'gcp.vertex_ai' : 'gcp.gemini',
  };
}

/** What sends every request: files, caches, batches, token counts. Its class is not exported. */
function patchApiClient(client: unknown): void {
  const prototype = asDict(client) && (Object.getPrototypeOf(client) as object);
  if (!prototype || prototype === Object.prototype) return;
  patch((wrap) => {
    for (const method of ['request', 'requestStream']) wrap(prototype, method, unchangedRequest(INSTRUMENT));
  });
}

/**
 * For methods that a constructor sets on each instance: its assignment meets a setter here, and the instance gets
 * the wrapped function as the property of its own that it would have had.
 */
function wrapOnInstances(prototype: object, name: string, wrapper: Wrapper): void {
  if (name in prototype) return;
  Object.defineProperty(prototype, name, {
    configurable: true,
    get: () => undefined,
    set(this: object, value: unknown) {
      safely(`the ${INSTRUMENT} instrument`, () => patchApiClient(asDict(this)?.apiClient));
      const isFunction = typeof value === 'function';
      const replacement = isFunction ? wrapper(value as Parameters<Wrapper>[0]) : value;
      if (isFunction) Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(value));
      Object.defineProperty(this, name, {
        configurable: true,
        enumerable: true,
        writable: true,
        value: replacement,
      });
    },
  });
}
