import { startBedrockProvider } from '../harness/bedrock-provider';
import { describeProvider } from '../harness/provider-suite';

describeProvider({
  fixture: 'bedrock',
  versions: [
    { name: 'bedrock-3.588', sdks: ['bedrock-3.588', 'bedrock-agent-3.588'], nodes: ['20', '24'] },
    { name: 'bedrock-3', sdks: ['bedrock-3', 'bedrock-agent-3'], nodes: ['20', '24'] },
  ],
  startServer: startBedrockProvider,
  sdkOf: ({ name }, [runtime, agentRuntime]) =>
    /invoke_agent|invoke_workflow|retrieval/.test(name) ? agentRuntime : runtime,
  spansOfStep: {
    parallel: 4,
    'same command twice': 2,
    'cached middlewares': 3,
    'calls in a callback, inner': 1,
    'calls inside a stream loop, inner': 1,
    // No call, or another one than of a model.
    class: 0,
    'no command': 0,
    'no command at all': 0,
    'another operation': 0,
    // Nothing of their input can be read.
    'no input': 0,
    'input with a throwing getter': 0,
    'no body': 0,
    'body that is no JSON': 0,
    unknown: 4,
  },
  env: { AWS_EC2_METADATA_DISABLED: 'true' },
});
