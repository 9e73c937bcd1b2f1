import { safely } from '../../config/safely';
import { noteStandIn } from '../../telemetry/stand-ins';
import { asDict } from '../genai/read';
import type { Sender } from '../genai/types';
import { modelMethod } from '../kit/method';
import { stainlessWrapper } from '../kit/stainless';
import { patch, type Wrapper } from '../kit/wrap';
import { interactions } from '../shapes/gemini/interactions';
import { senderOf } from './genai';

/**
 * `client.interactions` is made on first use, of a class that is not exported: its prototype is patched when the
 * app gets there. In 1 that class is one of Stainless', from 2 on it answers with plain promises.
 */
export function patchInteractions(instrument: string, clientPrototype: object): void {
  const descriptor = Object.getOwnPropertyDescriptor(clientPrototype, 'interactions');
  const get = descriptor?.get;
  if (!get) return;
  const getter = {
    get interactions(): unknown {
      const resource = get.call(this) as unknown;
      safely(`the ${instrument} instrument`, () => patchResource(instrument, resource, this));
      return resource;
    },
  };
  const { get: replacement } = Object.getOwnPropertyDescriptor(getter, 'interactions')!;
  noteStandIn(replacement!, get);
  Object.defineProperty(clientPrototype, 'interactions', { ...descriptor, get: replacement });
}

function patchResource(instrument: string, resource: unknown, client: unknown): void {
  const owner = prototypeWith(resource, 'create');
  if (!owner) return;
  const isStainless = asDict(asDict(resource)?._client) !== undefined;
  const wrapper = isStainless ? stainless(instrument, client) : plain(instrument);
  patch((wrap) => wrap(owner, 'create', wrapper));
}

function prototypeWith(resource: unknown, name: string): object | undefined {
  let owner: unknown = resource;
  while (typeof owner === 'object' && owner !== null && !Object.hasOwn(owner, name)) {
    owner = Object.getPrototypeOf(owner);
  }
  return typeof owner === 'object' && owner !== null && owner !== Object.prototype ? owner : undefined;
}

function stainless(instrument: string, client: unknown): Wrapper {
  const { provider } = senderOf(client);
  return stainlessWrapper({ instrument, provider }, () => interactions);
}

function plain(instrument: string): Wrapper {
  return modelMethod({
    instrument,
    name: `${instrument}.${interactions.spanSuffix}`,
    request: ([params], self) => interactions.request(asDict(params) ?? {}, parentSender(self)),
    response: interactions.response,
    accumulator: interactions.accumulator,
  });
}

const parentSender = (self: unknown): Sender => senderOf({ apiClient: asDict(self)?.parentClient });
