import type { DatabaseRequest } from '../database/types';
import { asString } from '../genai/read';

const names = new WeakMap<object, string>();

/** The table a call is for. Its name is asked of native code, which refuses while it is at work: once is enough. */
export function tableOf(table: unknown): DatabaseRequest {
  if (typeof table !== 'object' || table === null) return {};
  let name = names.get(table);
  if (name === undefined) {
    try {
      name = asString((table as { name?: unknown }).name);
      if (name !== undefined) names.set(table, name);
    } catch {
      // Another time.
    }
  }
  return { collection: name };
}
