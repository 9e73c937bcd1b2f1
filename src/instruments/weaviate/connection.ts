import { safely } from '../../config/safely';
import { followed, standIn } from '../../telemetry/follow';
import { type DatabaseMethod, databaseMethod, untracedMethod } from '../database/method';
import type { DatabaseRequest, DatabaseResponse } from '../database/types';
import { asArray, asDict, asNumber, asString } from '../genai/read';
import type { Wrapper } from '../kit/wrap';
import { grpcServerOf, restServerOf } from './server';

type Verb = 'postReturn' | 'postEmpty' | 'put' | 'patch' | 'delete' | 'head' | 'get';
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Methods = Record<string, AnyFunction>;

interface RestOperation {
  verb: Verb;
  path: RegExp;
  name: string;
  count?: 'addCount' | 'updateCount' | 'deleteCount' | 'getCount';
}

const OBJECT = /^\/objects\/([^/?]+)\/([^/?]+)/;
const SCHEMA = /^\/schema\/([^/?]+)$/;

/** What the requests are for, of which there is no other trace than their paths. */
const OPERATIONS: RestOperation[] = [
  { verb: 'postReturn', path: /^\/objects(\?|$)/, name: 'insert', count: 'addCount' },
  { verb: 'postReturn', path: /^\/batch\/references/, name: 'referenceAddMany' },
  { verb: 'postReturn', path: /^\/schema$/, name: 'createCollection' },
  { verb: 'postEmpty', path: /\/references\//, name: 'referenceAdd' },
  { verb: 'put', path: /\/references\//, name: 'referenceReplace' },
  { verb: 'put', path: OBJECT, name: 'replace', count: 'updateCount' },
  { verb: 'patch', path: OBJECT, name: 'update', count: 'updateCount' },
  { verb: 'delete', path: /\/references\//, name: 'referenceDelete' },
  { verb: 'delete', path: OBJECT, name: 'deleteById', count: 'deleteCount' },
  { verb: 'delete', path: SCHEMA, name: 'deleteCollection' },
  { verb: 'head', path: OBJECT, name: 'exists', count: 'getCount' },
  { verb: 'get', path: SCHEMA, name: 'getCollection' },
  { verb: 'get', path: /^\/schema$/, name: 'listCollections' },
];

const VERBS: Verb[] = ['postReturn', 'postEmpty', 'put', 'patch', 'delete', 'head', 'get'];

/** For the function that makes connections: what they send is traced by their own methods, which each has for itself. */
export const followingConnections: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const made = untracedMethod('weaviate')(original).apply(this, args);
    const onMade = (answer: unknown) => followConnection(asDict(asDict(answer)?.connection));
    if (made instanceof Promise && made.constructor === Promise) return followed(made, onMade, () => {});
    safely('the weaviate instrument', () => onMade(made));
    return made;
  };

function followConnection(connection: unknown): void {
  const methods = connection as Methods | undefined;
  if (!methods) return;
  for (const verb of VERBS) replace(methods, verb, (original) => request(verb, original));
  replace(methods, 'batch', (original) =>
    standIn(original, (batch, self, args) => {
      const batcher = Reflect.apply(batch, self, args);
      if (!(batcher instanceof Promise)) return batcher;
      return followed(
        batcher,
        (made) => followBatcher(made as Methods, self, args),
        () => {},
      );
    }),
  );
}

function replace(methods: Methods, name: string, make: (original: AnyFunction) => AnyFunction): void {
  const original = methods[name];
  if (typeof original === 'function') methods[name] = make(original);
}

/** As it was for whoever looks at the object. */
const wrapped = (original: AnyFunction, wrapper: Wrapper): AnyFunction => {
  const traced = wrapper(original);
  return standIn(original, (_, self, args) => Reflect.apply(traced, self, args));
};

function request(verb: Verb, original: AnyFunction): AnyFunction {
  const untraced = untracedMethod('weaviate')(original);
  const traced = new Map(
    OPERATIONS.filter((operation) => operation.verb === verb).map((operation) => [
      operation,
      databaseMethod('weaviate', operation.name, requestOf(operation))(original),
    ]),
  );
  return standIn(original, (_, self, args) => {
    const path = asString(args[0]) ?? '';
    const found = [...traced].find(([operation]) => operation.path.test(path));
    return Reflect.apply(found ? found[1] : untraced, self, args);
  });
}

function requestOf({ path, count }: RestOperation): DatabaseMethod {
  return {
    request: ([given, payload], self) => {
      const [, first, id] = path.exec(asString(given) ?? '') ?? [];
      const body = asDict(payload);
      return {
        collection: asString(body?.class) ?? (first && decodeURIComponent(first)),
        namespace: asString(body?.tenant),
        ids: id ?? asString(body?.id),
        ...(count && { [count]: 1 }),
        ...restServerOf(self),
      };
    },
  };
}

/** A batcher is made for each call. */
function followBatcher(batcher: Methods, connection: unknown, [collection, , tenant]: unknown[]): void {
  const place: DatabaseRequest = {
    collection: asString(collection),
    namespace: asString(tenant),
    ...grpcServerOf(connection),
  };
  const trace = (method: string, name: string, operation: DatabaseMethod) =>
    replace(batcher, method, (original) => wrapped(original, databaseMethod('weaviate', name, operation)));
  trace('withObjects', 'insertMany', {
    request: ([given]) => {
      const objects = asArray(asDict(given)?.objects);
      return {
        ...place,
        collection: place.collection ?? asString(asDict(objects?.[0])?.collection),
        addCount: objects?.length,
      };
    },
    response: (answer): DatabaseResponse => ({
      extra: { 'weaviate.response.error_count': asArray(asDict(answer)?.errors)?.length || undefined },
    }),
  });
  trace('withDelete', 'deleteMany', {
    request: ([given]) => ({ ...place, filter: asDict(given)?.filters }),
    response: (answer) => ({ deleteCount: asNumber(Number(asDict(answer)?.successful)) }),
  });
}
