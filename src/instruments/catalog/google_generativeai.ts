import type { CatalogRow } from './row';

const genaiClasses = ['Models', 'GoogleGenAI', 'Live', 'Session'];

export const google_generativeai: CatalogRow = {
  id: 'google_generativeai',
  title: 'Google Gemini',
  aliases: ['gemini', 'google_genai', 'genai'],
  category: 'model',
  packages: [
    {
      name: '@google/genai',
      tested: { from: '1.0.0', below: '4.0.0' },
      files: {
        'dist/node/index': genaiClasses,
        'dist/web/index': genaiClasses,
        'dist/index': genaiClasses,
      },
      fromMain: Object.fromEntries(genaiClasses.map((name) => [name, `dist/index ${name}`])),
    },
    {
      name: '@google/generative-ai',
      tested: { from: '0.21.0', below: '0.25.0' },
      files: { 'dist/index': ['GenerativeModel', 'ChatSession'] },
      fromMain: { GenerativeModel: 'dist/index GenerativeModel', ChatSession: 'dist/index ChatSession' },
    },
  ],
  chunk: 'instrument-google_generativeai',
};
