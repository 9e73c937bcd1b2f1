import { startOpenAIProvider } from '../harness/openai-provider';
import { describeProvider } from '../harness/provider-suite';
import { traceLines } from '../harness/trace-lines';

describeProvider({
  fixture: 'langchain',
  startServer: startOpenAIProvider,
  versions: [
    { name: 'langchain-0.3', sdks: ['langchain-0.3', 'langgraph-0.2'], nodes: ['20'] },
    { name: 'langchain-0.3-langgraph-0.4', sdks: ['langchain-0.3', 'langgraph-0.4'], nodes: ['24'] },
    { name: 'langchain-1', sdks: ['langchain-1'], nodes: ['20', '24'] },
    { name: 'langchain-1-openai-7', sdks: ['langchain-1', 'langchain-openai-1.6'], nodes: ['24'] },
  ],
  lines: (spans) => traceLines(spans.filter(({ scope }) => scope.startsWith('respan.'))),
});
