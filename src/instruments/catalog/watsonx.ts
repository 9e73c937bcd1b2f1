import type { CatalogRow } from './row';

export const watsonx: CatalogRow = {
  id: 'watsonx',
  title: 'IBM watsonx.ai',
  aliases: ['ibm', 'watsonx_ai'],
  category: 'model',
  packages: [
    {
      name: '@ibm-cloud/watsonx-ai',
      tested: { from: '1.1.0', below: '2.0.0' },
      files: {
        // 1.7.0 answers `require` with its ES modules, of which Node 20 shows only the entry point.
        index: ['WatsonXAI'],
        vml_v1: ['WatsonXAI', 'WatsonxAiMlVml_v1'],
        'dist/watsonx-ai-ml/vml_v1': ['WatsonXAI', 'WatsonxAiMlVml_v1'],
        'gateway/completions': ['ChatCompletions', 'EmbeddingCompletions', 'GenerateTextCompletions'],
      },
      fromMain: { WatsonXAI: 'dist/watsonx-ai-ml/vml_v1 WatsonXAI' },
      mainClass: 'WatsonXAI#generateText',
    },
  ],
  chunk: 'instrument-watsonx',
};
