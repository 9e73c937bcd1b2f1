import { patch } from '../kit/wrap';
import { type DatabaseMethod, databaseMethod } from './method';

/** By the name of the method, which names the operation unless `name` does. */
export type DatabaseMethods = Record<string, DatabaseMethod & { name?: string }>;

/** Patches the methods of a class (or of any object that has them) that are vector store calls. */
export function patchDatabaseMethods(instrument: string, target: unknown, methods: DatabaseMethods): void {
  const prototype = typeof target === 'function' ? (target.prototype as unknown) : target;
  if (typeof prototype !== 'object' || prototype === null) return;
  patch((wrap) => {
    for (const [method, operation] of Object.entries(methods)) {
      wrap(prototype, method, databaseMethod(instrument, operation.name ?? method, operation));
    }
  });
}
