import { defineInstrument } from '../kit/define';
import { smithySend } from '../kit/smithy';
import { patch } from '../kit/wrap';
import { agentCommands } from './agent-commands';
import { runtimeCommands } from './runtime-commands';

const send = smithySend({ instrument: 'bedrock', commands: { ...runtimeCommands, ...agentCommands } });

/**
 * The clients' own `send`, which they inherit from Smithy's: clients of other services are not touched, and the
 * aggregated clients (`BedrockRuntime`) share it.
 */
export const instrument = defineInstrument({
  id: 'bedrock',
  patchModule({ exports }) {
    patch((wrap) => {
      for (const client of [exports.BedrockRuntimeClient, exports.BedrockAgentRuntimeClient]) {
        if (typeof client === 'function') wrap(client.prototype as object, 'send', send);
      }
    });
  },
});
