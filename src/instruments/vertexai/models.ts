import { asDict, asString, type Dict } from '../genai/read';
import type { Sender } from '../genai/types';
import { followHalves, isHalves } from '../kit/follow-halves';
import { type ModelOperation, modelMethod } from '../kit/method';
import { unchangedRequest } from '../kit/provider-request';
import type { Wrap } from '../kit/wrap';
import { chatBody, modelBody } from '../shapes/gemini/older-sdks';
import { generateContent } from '../shapes/gemini/operations';

const INSTRUMENT = 'vertexai';

export function patchModels(wrap: Wrap, exports: Dict): void {
  const { GenerativeModel, GenerativeModelPreview, ChatSession, ChatSessionPreview } = exports;
  for (const model of [GenerativeModel, GenerativeModelPreview]) {
    if (typeof model !== 'function') continue;
    wrap(model.prototype as object, 'generateContent', modelMethod(operationOf(modelBody)));
    wrap(model.prototype as object, 'generateContentStream', modelMethod(streamOf(modelBody, false)));
    wrap(model.prototype as object, 'countTokens', unchangedRequest(INSTRUMENT));
  }
  for (const chat of [ChatSession, ChatSessionPreview]) {
    if (typeof chat !== 'function') continue;
    wrap(chat.prototype as object, 'sendMessage', modelMethod(operationOf(chatBody)));
    wrap(chat.prototype as object, 'sendMessageStream', modelMethod(streamOf(chatBody, true)));
  }
}

type ToBody = typeof modelBody;

function operationOf(toBody: ToBody, stream = false): ModelOperation {
  return {
    instrument: INSTRUMENT,
    name: `${INSTRUMENT}.${generateContent.spanSuffix}`,
    request: ([request], self) => {
      const receiver = asDict(self) ?? {};
      const model = receiver.model ?? receiver.resourcePath;
      return generateContent.request({ ...toBody(request, receiver), model, stream }, senderOf(receiver));
    },
    response: (answer) => generateContent.response(asDict(answer)?.response ?? answer),
  };
}

/** `ownsResponse`: the chat waits for the whole response itself, and says so when that fails. */
function streamOf(toBody: ToBody, ownsResponse: boolean): ModelOperation {
  return {
    ...operationOf(toBody, true),
    follow(answer, call) {
      if (!isHalves(answer)) return false;
      followHalves(answer, call, generateContent.accumulator!, ownsResponse);
      return true;
    },
  };
}

function senderOf({ apiEndpoint, location }: Dict): Sender {
  const region = asString(location);
  const host = asString(apiEndpoint) ?? (region && `${region}-aiplatform.googleapis.com`);
  return { baseURL: host && `https://${host}`, provider: 'gcp.vertex_ai' };
}
