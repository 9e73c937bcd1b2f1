import { defineInstrument } from '../kit/define';
import { stainlessWrapper } from '../kit/stainless';
import { patch } from '../kit/wrap';
import { messages, textCompletions } from './operations';

/**
 * `@anthropic-ai/sdk` 0.20 to 1, and the Bedrock and Vertex packages, which share its resource classes. The
 * SDK's own spans (from 0.134 on) are left to the app's tracer; for the global we offer they are superseded,
 * see instruments/opentelemetry-api.ts.
 */
export const instrument = defineInstrument({
  id: 'anthropic',
  patchModule({ exports }) {
    patch((wrap) => {
      const { Messages, Completions } = exports;
      // `stream()` and the tool runners are helpers around `create`.
      if (typeof Messages === 'function') wrap(Messages.prototype, 'create', stainlessWrapper(messages));
      if (typeof Completions === 'function') {
        wrap(Completions.prototype, 'create', stainlessWrapper(textCompletions));
      }
    });
  },
});
