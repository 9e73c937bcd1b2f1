import { type Context, createContextKey } from './api';

const DATABASE_CALL = createContextKey('respan: vector store call in progress');

/** Marks a context as inside a call of instrument `id`, a vector store. */
export function enterDatabaseCall(context: Context, id: string): Context {
  return context.setValue(DATABASE_CALL, id);
}

/** The instrument whose call this context is inside, or undefined. */
export function databaseCallOf(context: Context): string | undefined {
  return context.getValue(DATABASE_CALL) as string | undefined;
}
