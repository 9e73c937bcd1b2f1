import { safely } from '../../config/safely';
import type { Dict } from '../genai/read';
import { patch, type Wrapper } from '../kit/wrap';
import { WHERE } from './entity-method';

export type Methods = Readonly<Record<string | symbol, Wrapper>>;

/** Classes that have been looked at, for each set of methods. */
const looked = new WeakMap<Methods, WeakSet<object>>();

/** Patches what of `methods` the class itself has; what it inherits is patched where it is. Whether there was any. */
export function patchOwn(prototype: object, methods: Methods): boolean {
  const done = looked.get(methods) ?? new WeakSet();
  looked.set(methods, done);
  if (done.has(prototype)) return false;
  done.add(prototype);
  let isPatched = false;
  patch((wrap) => {
    for (const name of Reflect.ownKeys(methods)) {
      if (!Object.hasOwn(prototype, name)) continue;
      if (wrap(prototype, name, methods[name]!)) isPatched = true;
    }
  });
  return isPatched;
}

/**
 * The same for the classes of an object, which may be the app's own or of a package nobody knows, down to the classes
 * that are LlamaIndex's; and for an object that has the methods itself.
 */
export function patchClassesOf(object: unknown, methods: Methods): void {
  if (!isObject(object)) return;
  safely(WHERE, () => {
    let isNew = Object.getPrototypeOf(object) === Object.prototype;
    let type = Object.getPrototypeOf(object) as object | null;
    for (; type && type !== Object.prototype; type = Object.getPrototypeOf(type) as object | null) {
      isNew = patchOwn(type, methods) || isNew;
    }
    // LlamaIndex's decorators bind the methods of a class to each of its objects, when they are made.
    if (isNew) patchOwn(object, methods);
  });
}

/** Embedders, and all that transforms nodes, are functions. */
const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** The fields of an object of LlamaIndex's. */
export const fieldsOf = (value: unknown): Dict => (isObject(value) ? (value as Dict) : {});
