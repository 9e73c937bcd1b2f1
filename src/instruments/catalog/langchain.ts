import type { CatalogRow } from './row';

const legacyFiles: Record<string, string[]> = {
  'dist/chains/base': ['BaseChain'],
  'dist/agents/executor': ['AgentExecutor'],
};

export const langchain: CatalogRow = {
  id: 'langchain',
  title: 'LangChain and LangGraph',
  aliases: ['langgraph', 'langchain_core', 'langchain_js'],
  category: 'framework',
  packages: [
    {
      name: '@langchain/core',
      tested: { from: '0.3.0', below: '2.0.0' },
      files: {
        'dist/runnables/base': [
          'Runnable',
          'RunnableBinding',
          'RunnableSequence',
          'RunnableMap',
          'RunnableWithFallbacks',
        ],
        'dist/runnables/branch': ['RunnableBranch'],
        'dist/runnables/passthrough': ['RunnablePassthrough'],
        'dist/output_parsers/transform': ['BaseTransformOutputParser'],
        'dist/language_models/chat_models': ['BaseChatModel'],
        'dist/language_models/llms': ['BaseLLM'],
        'dist/tools/index': ['StructuredTool'],
        'dist/retrievers/index': ['BaseRetriever'],
        'dist/utils/async_caller': ['AsyncCaller'],
      },
    },
    {
      name: '@langchain/langgraph',
      tested: { from: '0.2.0', below: '2.0.0' },
      files: { 'dist/pregel/index': ['Pregel'], 'dist/pregel/loop': ['PregelLoop'] },
    },
    // What LangChain was before its chains were runnables; since 1.0 in a package of its own.
    { name: 'langchain', tested: { from: '0.3.0', below: '2.0.0' }, files: legacyFiles },
    { name: '@langchain/classic', tested: { from: '1.0.0', below: '2.0.0' }, files: legacyFiles },
    // Where LangChain's own tracing goes: what it sends is left out of ours.
    {
      name: 'langsmith',
      tested: { from: '0.1.0', below: '1.0.0' },
      files: { 'dist/client': ['Client'], 'lib/client': ['Client'] },
    },
  ],
  chunk: 'instrument-langchain',
};
