import { safely } from '../../config/safely';
import { telemetryIfRunning } from '../../config/shared';
import type { Context } from '../../telemetry/api';
import type { LoadedModule } from '../kit/define';
import { type Methods, replace, symbolNamed } from './replace';

/** `path` of undici's files that is loaded: where it sends a request, and where one waits for a connection. */
export function patchUndici({ exports, path }: LoadedModule): void {
  if (path.endsWith('dispatcher-base')) {
    const { prototype } = exports as unknown as { prototype: Methods };
    replace(prototype, 'dispatch', (dispatch, self, args) => {
      const noted = safely(WHERE, () => contextFor(args[1]));
      const run = () => Reflect.apply(dispatch, self, args);
      return noted ? api().context.with(noted, run) : run();
    });
    return;
  }
  const { prototype } = exports.PoolBase as { prototype: Methods };
  replace(prototype, symbolNamed('dispatch', prototype), (dispatch, self, args) => {
    safely(WHERE, () => note(args[1]));
    return Reflect.apply(dispatch, self, args);
  });
}

const WHERE = 'the context of requests';

const api = () => require('../../telemetry/api') as typeof import('../../telemetry/api');

/**
 * The context a request was made in, by undici's handler of it. Until undici 8 a pool whose connections are all busy
 * hands a request on when one of them is free, in the context of whoever opened that one.
 */
const contexts = new WeakMap<object, Context>();

/** Those send their request more than once, and from a connection's context. */
const SENDS_AGAIN = /^(Retry|Redirect)Handler$/;

/** A pool takes a request: it may have to wait. */
function note(handler: unknown): void {
  if (!isObject(handler) || contexts.has(handler) || !telemetryIfRunning()) return;
  contexts.set(handler, api().context.active());
}

/** Where a request is to be sent, if that is not where this runs. */
function contextFor(handler: unknown): Context | undefined {
  if (!isObject(handler) || !telemetryIfRunning()) return undefined;
  const active = api().context.active();
  const noted = contexts.get(handler);
  if (!SENDS_AGAIN.test(handler.constructor?.name ?? '')) contexts.delete(handler);
  else if (!noted) contexts.set(handler, active);
  return noted === active ? undefined : noted;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
