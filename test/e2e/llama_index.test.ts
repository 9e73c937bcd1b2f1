import { describeProvider } from '../harness/provider-suite';
import { startRagProvider } from '../harness/rag-provider';
import { stepTrees } from '../harness/step-trees';

describeProvider({
  fixture: 'llamaindex',
  versions: [
    { name: 'llamaindex-0.9', sdks: ['llamaindex-0.9'], nodes: ['20', '24'] },
    { name: 'llamaindex-0.12', sdks: ['llamaindex-0.12'], nodes: ['20', '24'] },
  ],
  startServer: startRagProvider,
  lines: stepTrees,
});
