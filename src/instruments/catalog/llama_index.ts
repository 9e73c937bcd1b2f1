import type { CatalogPackage, CatalogRow } from './row';

/** Each folder of @llamaindex/core is a bundle. */
const core: Record<string, string[]> = {
  'global/dist/index': ['CallbackManager'],
  'llms/dist/index': ['BaseLLM'],
  'embeddings/dist/index': ['BaseEmbedding', 'MultiModalEmbedding'],
  'retriever/dist/index': ['BaseRetriever'],
  'query-engine/dist/index': ['BaseQueryEngine'],
  'response-synthesizers/dist/index': ['BaseSynthesizer'],
  'chat-engine/dist/index': ['SimpleChatEngine', 'ContextChatEngine'],
  'agent/dist/index': ['AgentRunner'],
  'workflow/dist/index': ['Workflow'],
};

const indices = ['VectorStoreIndex', 'SummaryIndex', 'KeywordTableIndex'];
const evaluators = ['CorrectnessEvaluator', 'FaithfulnessEvaluator', 'RelevancyEvaluator'];
const postprocessors = ['SimilarityPostprocessor', 'MetadataReplacementPostProcessor', 'JinaAIReranker'];

/** From 0.11 on each folder is a bundle as well, with copies of its own of what it needs of the others. */
const bundles: Record<string, string[]> = Object.fromEntries(
  ['engines', 'evaluation', 'indices', 'ingestion', 'postprocessors', 'selectors'].map((folder) => [
    `${folder}/dist/index`,
    [
      ...indices,
      ...evaluators,
      ...postprocessors,
      'BaseSelector',
      'CondenseQuestionChatEngine',
      'IngestionPipeline',
    ],
  ]),
);

/** Before that, a file a class. */
const singleFiles: Record<string, string[]> = Object.fromEntries(
  ['dist', 'dist/cjs'].flatMap((build) => [
    [`${build}/engines/chat/CondenseQuestionChatEngine`, ['CondenseQuestionChatEngine']],
    [`${build}/ingestion/IngestionPipeline`, ['IngestionPipeline']],
    [`${build}/indices/vectorStore/index`, ['VectorStoreIndex']],
    [`${build}/indices/summary/index`, ['SummaryIndex']],
    [`${build}/indices/keyword/index`, ['KeywordTableIndex']],
    [`${build}/selectors/base`, ['BaseSelector']],
    ...evaluators.map((name) => [`${build}/evaluation/${name.replace('Evaluator', '')}`, [name]]),
    ...postprocessors.map((name) => [
      `${build}/postprocessors/${name === 'JinaAIReranker' ? 'rerankers/' : ''}${name}`,
      [name],
    ]),
  ]),
);

/** Models and embedders of the vendors' packages. Those of others are traced when LlamaIndex is given them. */
const providers: Record<string, string[]> = {
  anthropic: ['Anthropic'],
  aws: ['Bedrock'],
  cohere: ['CohereRerank'],
  deepinfra: ['DeepInfraEmbedding'],
  google: ['Gemini', 'GeminiEmbedding'],
  huggingface: [
    'HuggingFaceEmbedding',
    'HuggingFaceInferenceAPI',
    'HuggingFaceInferenceAPIEmbedding',
    'HuggingFaceLLM',
  ],
  jinaai: ['JinaAIEmbedding', 'JinaAIReranker'],
  mistral: ['MistralAI', 'MistralAIEmbedding'],
  mixedbread: ['MixedbreadAIEmbeddings', 'MixedbreadAIReranker'],
  ollama: ['Ollama', 'OllamaEmbedding'],
  openai: ['OpenAI', 'OpenAIEmbedding', 'OpenAIResponses'],
  'portkey-ai': ['Portkey'],
  replicate: ['ReplicateLLM'],
  vercel: ['VercelLLM'],
  'voyage-ai': ['VoyageAIEmbedding'],
};

const recent = { from: '0.1.0', below: '2.0.0' };

const packages: CatalogPackage[] = [
  { name: 'llamaindex', tested: { from: '0.9.0', below: '0.13.0' }, files: { ...singleFiles, ...bundles } },
  { name: '@llamaindex/core', tested: { from: '0.5.0', below: '0.7.0' }, files: core },
  {
    name: '@llamaindex/workflow',
    tested: recent,
    files: { 'dist/index': ['AgentWorkflow', 'Workflow', 'WorkflowContext'] },
  },
  ...['@llamaindex/workflow-core', '@llama-flow/core'].map((name) => ({
    name,
    tested: recent,
    files: { 'async-context/index': ['AsyncContext'] },
  })),
  ...Object.entries(providers).map(([name, names]) => ({
    name: `@llamaindex/${name}`,
    tested: recent,
    files: { 'dist/index': names },
  })),
];

export const llama_index: CatalogRow = {
  id: 'llama_index',
  title: 'LlamaIndex',
  aliases: ['llamaindex'],
  category: 'framework',
  packages,
  chunk: 'instrument-llama_index',
};
