import { safely } from '../config/safely';
import { giveWay } from '../telemetry/app-api';
import { asDict } from './genai/read';
import { defineInstrument } from './kit/define';
import { unchangedRequest } from './kit/provider-request';
import { streamMaker } from './kit/raw-answers';
import { stainlessWrapper } from './kit/stainless';
import { patch, type Wrapper } from './kit/wrap';
import { messages, textCompletions } from './shapes/anthropic/operations';

const vendor = { instrument: 'anthropic' };

/**
 * `@anthropic-ai/sdk` 0.20 to 1, and the Bedrock and Vertex packages, which share its resource classes. The
 * SDK's own spans (from 0.134 on) are left to the app's tracer; for the global we offer they are superseded,
 * see telemetry/app-api.ts.
 */
export const instrument = defineInstrument({
  id: 'anthropic',
  patchModule({ exports }) {
    patch((wrap) => {
      const { Messages, Completions, BaseAnthropic, Stream } = exports;
      // `stream()` and the tool runners are helpers around `create`.
      if (typeof Messages === 'function') {
        const traced = stainlessWrapper(vendor, () => messages);
        wrap(Messages.prototype, 'create', (original) => givingWay(traced(original)));
        // Starts the SDK's own span before it calls `create`.
        wrap(Messages.prototype, 'stream', givingWay);
      }
      if (typeof Completions === 'function') {
        wrap(
          Completions.prototype,
          'create',
          stainlessWrapper(vendor, () => textCompletions),
        );
      }
      if (typeof BaseAnthropic === 'function') {
        wrap(BaseAnthropic.prototype, 'makeRequest', unchangedRequest('anthropic'));
      }
      if (typeof Stream === 'function') wrap(Stream, 'fromSSEResponse', streamMaker);
    });
  },
});

/** A client may be given a tracer provider of the app's own (0.134 and later), which nothing else tells of. */
const givingWay: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    safely('the anthropic instrument', () => {
      const client = asDict(asDict(this)?._client);
      if (asDict(client?.openTelemetry)?.tracerProvider) giveWay();
    });
    return original.apply(this, args);
  };
