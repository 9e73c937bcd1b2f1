import { asDict, type Dict } from '../genai/read';
import type { WireOperation } from '../genai/types';
import { followHalves, isHalves } from '../kit/follow-halves';
import { type ModelOperation, modelMethodOf } from '../kit/method';
import { unchangedRequest } from '../kit/provider-request';
import type { Wrap } from '../kit/wrap';
import { chatBody, modelBody } from '../shapes/gemini/older-sdks';
import { embedContent, generateContent } from '../shapes/gemini/operations';

const INSTRUMENT = 'google_generativeai';
const DEFAULT_BASE_URL = 'https://generativelanguage.googleapis.com';

/** What a method's first argument is in terms of the API, for the model or the chat it is called on. */
type ToBody = (request: unknown, self: Dict) => Dict;

const MODEL: Record<string, () => ModelOperation> = {
  generateContent: () => modelOperation(generateContent, modelBody),
  generateContentStream: () => streamOperation(modelBody, false),
  embedContent: () => modelOperation(embedContent, embedBody),
  batchEmbedContents: () => modelOperation(embedContent, embedBody),
};

/** Chats send by themselves, not through the model. */
const CHAT: Record<string, () => ModelOperation> = {
  sendMessage: () => modelOperation(generateContent, chatBody),
  sendMessageStream: () => streamOperation(chatBody, true),
};

/** `@google/generative-ai` */
export function patchGenerativeAI(wrap: Wrap, { GenerativeModel, ChatSession }: Dict): void {
  patchMethods(wrap, GenerativeModel, MODEL);
  patchMethods(wrap, ChatSession, CHAT);
  if (typeof GenerativeModel === 'function') {
    wrap(GenerativeModel.prototype as object, 'countTokens', unchangedRequest(INSTRUMENT));
  }
}

function patchMethods(wrap: Wrap, exported: unknown, methods: typeof MODEL): void {
  if (typeof exported !== 'function') return;
  for (const [method, make] of Object.entries(methods)) {
    wrap(exported.prototype as object, method, modelMethodOf(INSTRUMENT, make));
  }
}

function modelOperation(operation: WireOperation, toBody: ToBody, stream = false): ModelOperation {
  return {
    instrument: INSTRUMENT,
    name: `${INSTRUMENT}.${operation.spanSuffix}`,
    request: ([request, options], self) => {
      const receiver = asDict(self) ?? {};
      const baseURL =
        asDict(options)?.baseUrl || asDict(receiver._requestOptions)?.baseUrl || DEFAULT_BASE_URL;
      return operation.request({ ...toBody(request, receiver), model: receiver.model, stream }, { baseURL });
    },
    response: (answer) => operation.response(asDict(answer)?.response ?? answer),
  };
}

/** `ownsResponse`: the chat waits for the whole response itself, and says so when that fails. */
function streamOperation(toBody: ToBody, ownsResponse: boolean): ModelOperation {
  return {
    ...modelOperation(generateContent, toBody, true),
    follow(answer, call) {
      if (!isHalves(answer)) return false;
      followHalves(answer, call, generateContent.accumulator!, ownsResponse);
      return true;
    },
  };
}

const embedBody: ToBody = (request) => {
  const body = asDict(request);
  return body && ('content' in body || 'requests' in body) ? body : { contents: request };
};
