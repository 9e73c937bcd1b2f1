import { patchDatabaseMethods } from '../database/patch';
import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { followingConnections } from './connection';
import { aggregateMethods, generateMethods, queryMethods } from './managers';

const METHODS = {
  QueryManager: queryMethods,
  GenerateManager: generateMethods,
  AggregateManager: aggregateMethods,
};

/**
 * `weaviate-client` 3: searches by the classes that make them, writing by the connection it goes through, since a
 * collection's `data` is an object of functions.
 */
export const instrument = defineInstrument({
  id: 'weaviate',
  patchModule({ path, exports }) {
    for (const [className, methods] of Object.entries(METHODS)) {
      const owner = exports[className] ?? (isFileOf(className, path) && classBehind(exports.default));
      if (owner) patchDatabaseMethods('weaviate', owner, methods);
    }
    const connection = exports.ConnectionGRPC ?? (path.endsWith('connection/grpc') && exports.default);
    if (typeof connection === 'function') patch((wrap) => wrap(connection, 'use', followingConnections));
  },
});

const isFileOf = (className: string, path: string): boolean =>
  path.endsWith(`/${className.replace('Manager', '').toLowerCase()}/index`);

/** CommonJS modules export no class, but a function that makes an instance, which does nothing before it is used. */
function classBehind(factory: unknown): object | undefined {
  if (typeof factory !== 'function') return undefined;
  const supports = { supportsAggregateGRPC: () => Promise.resolve({ supports: true }) };
  return Object.getPrototypeOf((factory as (...args: unknown[]) => unknown)({}, 'None', supports)) as object;
}
