import type { CatalogRow } from './row';

/** Task functions of @huggingface/inference, by the folder they are in from 3.7 on. */
const huggingFaceTasks: Record<string, string[]> = {
  audio: ['audioClassification', 'audioToAudio', 'automaticSpeechRecognition', 'textToAudio', 'textToSpeech'],
  custom: ['request', 'streamingRequest'],
  cv: [
    'imageClassification',
    'imageSegmentation',
    'imageTextToImage',
    'imageTextToVideo',
    'imageToImage',
    'imageToText',
    'imageToVideo',
    'objectDetection',
    'textToImage',
    'textToVideo',
    'zeroShotImageClassification',
  ],
  multimodal: ['documentQuestionAnswering', 'visualQuestionAnswering'],
  nlp: [
    'chatCompletion',
    'chatCompletionStream',
    'featureExtraction',
    'fillMask',
    'questionAnswering',
    'sentenceSimilarity',
    'summarization',
    'tableQuestionAnswering',
    'textClassification',
    'textGeneration',
    'textGenerationStream',
    'tokenClassification',
    'translation',
    'zeroShotClassification',
  ],
  tabular: ['tabularClassification', 'tabularRegression'],
};

/** One bundle up to 3.6, a file a function after that. */
const huggingFaceFiles: Record<string, string[]> = {
  'dist/index': [...Object.values(huggingFaceTasks).flat(), 'makeRequestOptions', 'innerRequest'],
  ...Object.fromEntries(
    ['dist/esm', 'dist/commonjs'].flatMap((build) => [
      [`${build}/lib/makeRequestOptions`, ['makeRequestOptions']],
      [`${build}/utils/request`, ['innerRequest']],
      ...Object.entries(huggingFaceTasks).flatMap(([folder, names]) =>
        names.map((name) => [`${build}/tasks/${folder}/${name}`, [name]]),
      ),
    ]),
  ),
};

/** Classes of @huggingface/transformers. */
const pipelines = [
  'AudioClassification',
  'AutomaticSpeechRecognition',
  'BackgroundRemoval',
  'DepthEstimation',
  'DocumentQuestionAnswering',
  'FeatureExtraction',
  'FillMask',
  'ImageClassification',
  'ImageFeatureExtraction',
  'ImageSegmentation',
  'ImageToImage',
  'ImageToText',
  'ObjectDetection',
  'QuestionAnswering',
  'Summarization',
  'Text2TextGeneration',
  'TextClassification',
  'TextGeneration',
  'TextToAudio',
  'TokenClassification',
  'Translation',
  'ZeroShotAudioClassification',
  'ZeroShotClassification',
  'ZeroShotImageClassification',
  'ZeroShotObjectDetection',
].map((task) => `${task}Pipeline`);

/** Up to 3.x the ES modules are bundled by webpack, with all that is exported in one object. */
const transformersNames = ['__webpack_exports__', 'PreTrainedModel', ...pipelines];

export const transformers: CatalogRow = {
  id: 'transformers',
  title: 'Hugging Face',
  aliases: ['huggingface', 'hf'],
  category: 'model',
  packages: [
    {
      name: '@huggingface/inference',
      tested: { from: '2.8.0', below: '5.0.0' },
      files: huggingFaceFiles,
      replacesFunctions: true,
    },
    {
      name: '@huggingface/transformers',
      tested: { from: '3.0.0', below: '5.0.0' },
      files: { 'dist/transformers.node': transformersNames, 'dist/transformers': transformersNames },
    },
    {
      name: '@xenova/transformers',
      tested: { from: '2.17.0', below: '3.0.0' },
      files: {
        // Of ES modules that are required, Node 20 shows only the entry point.
        'src/transformers': [...pipelines, 'PreTrainedModel'],
        'src/pipelines': pipelines,
        'src/models': ['PreTrainedModel'],
      },
    },
  ],
  chunk: 'instrument-transformers',
};
