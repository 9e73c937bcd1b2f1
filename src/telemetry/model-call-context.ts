import { type Context, createContextKey } from './api';

const MODEL_CALL = createContextKey('respan: model call in progress');

/** Marks a context as inside a call to the provider of instrument `id`: a model call, or any other request to it. */
export function enterModelCall(context: Context, id: string): Context {
  return context.setValue(MODEL_CALL, id);
}

/** The instrument whose model call this context is inside, or undefined. */
export function modelCallOf(context: Context): string | undefined {
  return context.getValue(MODEL_CALL) as string | undefined;
}
