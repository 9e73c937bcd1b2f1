import { type Context, createContextKey } from './api';

const MODEL_CALL = createContextKey('respan: model call in progress');

/** A call to a provider that is in progress, as its context knows it. */
export interface CallInProgress {
  /** The instrument's id. */
  id: string;
  /** Another instrument traces the same call further in: the tokens are counted there. */
  hasInner: boolean;
  /** A framework's that knows less than its requests tell: whoever sends them is traced as well. */
  isOutline?: boolean;
}

/** Marks a context as inside a call to the provider of instrument `id`: a model call, or any other request to it. */
export function enterModelCall(context: Context, id: string): Context {
  return enterCall(context, { id, hasInner: false });
}

export function enterCall(context: Context, call: CallInProgress): Context {
  return context.setValue(MODEL_CALL, call);
}

export function callInProgress(context: Context): CallInProgress | undefined {
  return context.getValue(MODEL_CALL) as CallInProgress | undefined;
}

/** The instrument whose model call this context is inside, or undefined. */
export function modelCallOf(context: Context): string | undefined {
  return callInProgress(context)?.id;
}

/** Whether requests made in this context belong to a call that a client library's instrument tells of. */
export function isInClientCall(context: Context): boolean {
  const call = callInProgress(context);
  return call !== undefined && !call.isOutline;
}
