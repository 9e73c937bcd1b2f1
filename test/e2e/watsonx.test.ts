import { stepOf } from '../harness/model-span-lines';
import { describeProvider } from '../harness/provider-suite';
import { startWatsonxProvider } from '../harness/watsonx-provider';

describeProvider({
  fixture: 'watsonx',
  versions: [
    { name: 'watsonx-1.3', sdks: ['watsonx-1.3'], nodes: ['20', '24'] },
    { name: 'watsonx-1', sdks: ['watsonx-1'], nodes: ['20', '24'] },
  ],
  startServer: startWatsonxProvider,
  spansOfStep: { parallel: 3, 'without anything': 0, 'throwing getter': 0, unknown: 2 },
  stepOf,
});
