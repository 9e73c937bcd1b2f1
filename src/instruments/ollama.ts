import { asDict } from './genai/read';
import type { WireOperation } from './genai/types';
import { defineInstrument } from './kit/define';
import { modelMethodOf } from './kit/method';
import { ownerOf } from './kit/owner';
import { unchangedRequest } from './kit/provider-request';
import { wireMethod } from './kit/wire-method';
import { patch } from './kit/wrap';
import { chat } from './shapes/ollama/chat';
import { embed, embeddings } from './shapes/ollama/embed';
import { generate } from './shapes/ollama/generate';

const METHODS: Record<string, () => WireOperation> = {
  chat: () => chat,
  generate: () => generate,
  embed: () => embed,
  embeddings: () => embeddings,
};

/** The rest of the API: models are managed, the web is searched. */
const REQUESTS = [
  ...['create', 'pull', 'push', 'delete', 'copy', 'list', 'show', 'ps', 'version'],
  ...['systemone', 'webSearch', 'webFetch'],
];

/**
 * `ollama` 0.5 and 0.6. The class of `ollama` extends that of `ollama/browser`, which has the methods; each is seen
 * under its own name, or that which the package's bundler gave it.
 */
export const instrument = defineInstrument({
  id: 'ollama',
  patchModule({ exports }) {
    patch((wrap) => {
      for (const exported of Object.values(exports)) {
        if (typeof exported !== 'function') continue;
        const prototype = ownerOf(exported.prototype, 'chat');
        if (!prototype) continue;
        for (const [method, operation] of Object.entries(METHODS)) {
          const make = () => wireMethod('ollama', operation(), senderOf);
          wrap(prototype, method, modelMethodOf('ollama', make));
        }
        for (const method of REQUESTS) wrap(prototype, method, unchangedRequest('ollama'));
      }
    });
  },
});

function senderOf(client: unknown) {
  return { baseURL: asDict(asDict(client)?.config)?.host };
}
