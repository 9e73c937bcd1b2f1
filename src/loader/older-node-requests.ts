import { subscribe } from 'diagnostics_channel';
import { safely } from '../config/safely';

type Method = (this: object, ...args: unknown[]) => unknown;
/** Answers with whether the request was a new one. */
type See = (request: object, isSent: boolean) => boolean;
type OnRequest = (request: { path?: unknown }, isSent: boolean) => void;

/**
 * Node 20 has no channel that tells of a request of node:http when it is made: the first one of
 * the process is seen when it is sent, all others when their body is written.
 */
export function onOlderNodeRequest(onRequest: OnRequest): void {
  const seen = new WeakSet<object>();
  let isPatched = false;
  const see: See = (request, isSent) => {
    if (seen.has(request)) return false;
    seen.add(request);
    onRequest(request, isSent);
    return true;
  };
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: object };
    if (!isPatched) {
      isPatched = true;
      safely('node:http', () => patchWriting(clientRequestOf(request), see));
    }
    see(request, true);
  });
}

/** The prototype of ClientRequest, whatever class an app may have made of it. */
function clientRequestOf(request: object): object {
  let prototype = request;
  while (!Object.hasOwn(prototype, '_implicitHeader')) prototype = Object.getPrototypeOf(prototype) as object;
  return prototype;
}

/** `write` and `end` of ClientRequest are those of OutgoingMessage, which servers share: they get some of their own. */
function patchWriting(prototype: object, see: See): void {
  const inherited = Object.getPrototypeOf(prototype) as Record<string, Method>;
  for (const name of ['write', 'end']) {
    if (Object.hasOwn(prototype, name)) continue;
    const original = inherited[name]!;
    const value = function (this: object, ...args: unknown[]): unknown {
      const isNew = see(this, false);
      // Whoever looks closer has now put itself in front of the method of this one request.
      const own = isNew && (Object.getOwnPropertyDescriptor(this, name)?.value as Method | undefined);
      return (own || inherited[name]!).apply(this, args);
    };
    Object.defineProperty(value, 'name', { value: original.name, configurable: true });
    Object.defineProperty(value, 'length', { value: original.length, configurable: true });
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true, enumerable: false });
  }
}
