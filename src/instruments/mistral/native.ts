import { safely } from '../../config/safely';
import { giveWay } from '../../telemetry/app-api';
import { asArray, asDict, type Dict } from '../genai/read';

/**
 * The SDK's own spans, which an app may switch on (2.x). For the global provider that we offer they are superseded
 * (telemetry/app-api.ts); a provider of the app's own gets them with the parents they have without us.
 */
let registeredProvider: () => unknown = () => undefined;

/** `getRegisteredTracerProvider` of the SDK's module that holds the provider an app has registered with it. */
export function watchRegisteredProvider(getter: unknown): void {
  if (typeof getter === 'function') registeredProvider = getter as () => unknown;
}

const watched = new WeakSet<object>();

/** Called before `client` makes a request. */
export function giveWayFor(client: unknown): void {
  safely('the mistral instrument', () => {
    if (registeredProvider()) giveWay();
    const hook = tracingHookOf(client);
    if (!hook || watched.has(hook)) return;
    watched.add(hook);
    watchProviderOf(hook);
  });
}

function tracingHookOf(client: unknown): Dict | undefined {
  const hooks = asDict(asDict(asDict(client)?._options)?.hooks)?.beforeRequestHooks;
  return asArray(hooks)
    ?.map(asDict)
    .find((hook) => hook?._mistralTracingHook === true);
}

/** The SDK may make itself a provider in the middle of the first request. */
function watchProviderOf(hook: Dict): void {
  let provider = hook.tracerProvider;
  if (provider) giveWay();
  Object.defineProperty(hook, 'tracerProvider', {
    configurable: true,
    enumerable: true,
    get: () => provider,
    set(value: unknown) {
      provider = value;
      if (value) giveWay();
    },
  });
}
