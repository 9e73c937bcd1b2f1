import { asArray, asDict, asNumber, asString, type Dict } from '../genai/read';
import type { Sender, WireOperation } from '../genai/types';
import { callbackMethod } from '../kit/callback-method';
import type { ModelOperation } from '../kit/method';
import type { Wrap } from '../kit/wrap';
import { embedContent, generateContent, predict } from '../shapes/gemini/operations';
import { plainValue } from '../shapes/gemini/protobuf';

const INSTRUMENT = 'vertexai';

/** Methods with one answer; the streams of this client are Node streams, and not followed. */
const METHODS: Record<string, WireOperation> = { predict, generateContent, embedContent };

/** `PredictionServiceClient` of `@google-cloud/aiplatform`: gRPC, or REST where it is told to fall back. */
export function patchPrediction(wrap: Wrap, { PredictionServiceClient }: Dict): void {
  if (typeof PredictionServiceClient !== 'function') return;
  for (const [method, operation] of Object.entries(METHODS)) {
    wrap(PredictionServiceClient.prototype as object, method, callbackMethod(modelOperation(operation)));
  }
}

function modelOperation(operation: WireOperation): ModelOperation {
  return {
    instrument: INSTRUMENT,
    name: `${INSTRUMENT}.${operation.spanSuffix}`,
    request: ([given], self) => {
      const request = asDict(given) ?? {};
      return operation.request(plainBody(request), senderOf(self));
    },
    // A promise gives the answer, the request, and the answer as it came; a callback the answer alone.
    response: (answer) => operation.response(plainBody(asDict(asArray(answer)?.[0] ?? answer) ?? {})),
  };
}

/** Instances, parameters and predictions are `google.protobuf.Value`s. */
function plainBody(message: Dict): Dict {
  const { instances, parameters, predictions } = message;
  return {
    ...message,
    model: asString(message.model) || asString(message.endpoint),
    ...(asArray(instances) && { instances: asArray(instances)?.map(plainValue) }),
    ...(parameters !== undefined && { parameters: plainValue(parameters) }),
    ...(asArray(predictions) && { predictions: asArray(predictions)?.map(plainValue) }),
  };
}

function senderOf(self: unknown): Sender {
  const client = asDict(self);
  const options = asDict(client?._opts);
  const host = asString(options?.servicePath) || 'aiplatform.googleapis.com';
  const port = asNumber(options?.port) ?? 443;
  return { baseURL: `https://${host}:${port}`, provider: 'gcp.vertex_ai' };
}
