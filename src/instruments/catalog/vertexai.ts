import type { CatalogRow } from './row';

export const vertexai: CatalogRow = {
  id: 'vertexai',
  title: 'Google Vertex AI',
  aliases: ['vertex', 'google_vertexai'],
  category: 'model',
  // Whoever names it may well use the SDK that has replaced it, which serves both of Google's APIs.
  includes: ['google_generativeai'],
  packages: [
    {
      name: '@google-cloud/vertexai',
      tested: { from: '1.4.0', below: '2.0.0' },
      files: {
        'build/src/models/generative_models': ['GenerativeModel', 'GenerativeModelPreview'],
        'build/src/models/chat_session': ['ChatSession', 'ChatSessionPreview'],
      },
    },
    {
      name: '@google-cloud/aiplatform',
      tested: { from: '3.35.0', below: '8.0.0' },
      files: {
        'build/src/v1/prediction_service_client': ['PredictionServiceClient'],
        'build/src/v1beta1/prediction_service_client': ['PredictionServiceClient'],
      },
    },
  ],
  chunk: 'instrument-vertexai',
};
