import { Module } from 'module';

/**
 * `require.cache`. A CommonJS module whose source came from somebody's hooks (Yarn PnP with its loader for ES modules)
 * has none on Node 22.
 */
export const moduleCache = (Module as unknown as { _cache: NodeJS.Dict<NodeJS.Module> })._cache;
