import { defineInstrument } from '../kit/define';
import { ownerOf } from '../kit/owner';
import { patch } from '../kit/wrap';
import { takesRequest } from './incoming';
import { asksForMore, sendsRequest } from './outgoing';

/**
 * `@modelcontextprotocol/sdk` 1, and `@modelcontextprotocol/client` and `/server` 2. Client and Server extend one class that sends
 * requests and answers those of the other side, over whatever transport: one span for each on either side.
 */
export const instrument = defineInstrument({
  id: 'mcp',
  patchModule({ exports }) {
    patch((wrap) => {
      for (const exported of Object.values(exports)) {
        if (typeof exported !== 'function') continue;
        const protocol = ownerOf(exported.prototype, '_onrequest');
        if (!protocol) continue;
        wrap(protocol, '_onrequest', takesRequest);
        // In version 2, every request goes through this one, whichever way it is made.
        const funnel = '_requestWithSchemaViaCodec';
        if (Object.hasOwn(protocol, funnel)) wrap(protocol, funnel, sendsRequest(1));
        else wrap(protocol, 'request', sendsRequest(0));
        const resolver = ownerOf(exported.prototype, '_resolveNonCompleteResult');
        if (resolver) wrap(resolver, '_resolveNonCompleteResult', asksForMore);
      }
    });
  },
});
