import { safely } from '../../config/safely';
import { asDict, asString, asText } from '../genai/read';
import type { Known, ModelCall } from '../kit/model-call';
import { isOver, predictionError, predictionResponse } from './prediction';

/**
 * Predictions that were created and are not over yet. An app waits for them, asks for them again and again, or leaves
 * them to a webhook: the call ends when somebody sees the prediction's end, or nobody can any more.
 */
interface OpenPrediction {
  call: ModelCall;
  known: () => Known;
  /** What the app got of it last. */
  object: WeakRef<object>;
}

const open = new Map<string, OpenPrediction>();

export const callOf = (id: unknown): ModelCall | undefined =>
  typeof id === 'string' ? open.get(id)?.call : undefined;

/** `call` has led to `prediction`; `object` is what the app got. */
export function created(call: ModelCall, prediction: unknown): void {
  const id = asString(asDict(prediction)?.id);
  if (!id || isOver(prediction)) {
    finish(call, prediction);
    return;
  }
  watch(id, call, prediction as object);
}

/** Somebody asks for a prediction by its id. Until there is an answer, nobody needs the object it came in before. */
export function asked(id: unknown): void {
  const prediction = open.get(asText(id));
  prediction?.call.otherwise(prediction.known);
}

/** There was no answer: the app still has what it had, or its error. */
export function unanswered(id: unknown, error: unknown): void {
  const prediction = open.get(asText(id));
  if (!prediction) return;
  const { call, known, object } = prediction;
  call.otherwise(known, object.deref() ?? Object(error));
}

/** Somebody asked for a prediction, which may be one of ours. */
export function seen(prediction: unknown): void {
  const id = asString(asDict(prediction)?.id);
  const call = callOf(id);
  if (!id || !call) return;
  if (!isOver(prediction)) {
    watch(id, call, prediction as object);
    return;
  }
  open.delete(id);
  finish(call, prediction);
}

/** Waiting for it failed: whatever becomes of it, the app has an error. */
export function failed(id: unknown, error: unknown): void {
  const call = callOf(id);
  if (!call) return;
  open.delete(asText(id));
  call.fail(error);
}

export function finish(call: ModelCall, prediction: unknown): void {
  const response = safely('the response mapping', () => predictionResponse(prediction));
  const error = predictionError(prediction);
  if (error) call.fail(error, response);
  else call.succeed(response);
}

/** In a scope of its own, so that it holds on to the prediction's data and not to the app's object. */
function watch(id: string, call: ModelCall, prediction: object): void {
  const response = safely('the response mapping', () => predictionResponse(prediction));
  const known = forgetting(id, { response, endTime: performance.now() });
  open.set(id, { call, known, object: new WeakRef(prediction) });
  call.otherwise(known, prediction);
}

function forgetting(id: string, known: Known): () => Known {
  return () => {
    open.delete(id);
    return known;
  };
}
