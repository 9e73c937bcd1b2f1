/**
 * Every library this product knows: pure data, one row a library. The hooks, RESPAN_INSTRUMENTS,
 * `respan instruments`, `respan doctor` and the README's table are all made from it, and nothing in here is
 * code of a library or of an instrument.
 */
export interface CatalogRow {
  /** The name used in RESPAN_INSTRUMENTS. */
  id: string;
  /** How the library is called in prose and in the log. */
  title: string;
  aliases?: string[];
  category: 'model' | 'vector store' | 'framework' | 'infrastructure';
  /** npm packages and the files in them whose classes or functions are patched. */
  packages?: CatalogPackage[];
  /** diagnostics_channel names of Node builtins; the first message on one of them starts the instrument. */
  channels?: string[];
  /** Started with the first model library as well: its channels speak too late for the first outgoing call. */
  startsWithModels?: boolean;
  /** The built chunk that holds the instrument; loaded with the library, never before. */
  chunk?: string;
}

export interface CatalogPackage {
  name: string;
  /** The range this row was tested with. Other versions are tried all the same, and reported as untested. */
  tested: { from: string; below: string };
  /**
   * Path inside the package, without extension, to the names the instrument wants from that module. ES
   * modules hand them over from their own scope, CommonJS modules from `module.exports`.
   */
  files: Record<string, string[]>;
  /**
   * The names are functions that take another's place by assignment, for a package whose API is plain functions:
   * CommonJS modules hand over their scope too, since bundlers make exports that cannot be redefined.
   */
  replacesFunctions?: true;
}

/** One resource file of a Stainless-generated SDK exports one class of the same shape everywhere. */
const openaiFiles: Record<string, string[]> = {
  'resources/chat/completions/completions': ['Completions'],
  'resources/chat/completions': ['Completions'],
  'resources/completions': ['Completions'],
  'resources/responses/responses': ['Responses'],
  'resources/beta/responses/responses': ['Responses'],
  'resources/embeddings': ['Embeddings'],
  'resources/images': ['Images'],
  'resources/moderations': ['Moderations'],
  'resources/audio/speech': ['Speech'],
  'resources/audio/transcriptions': ['Transcriptions'],
  'resources/audio/translations': ['Translations'],
};

const anthropicFiles: Record<string, string[]> = {
  'resources/messages/messages': ['Messages'],
  'resources/messages': ['Messages'],
  'resources/completions': ['Completions'],
  'resources/beta/messages/messages': ['Messages'],
  'resources/beta/messages': ['Messages'],
  'resources/beta/prompt-caching/messages': ['Messages'],
  client: ['BaseAnthropic'],
  'core/streaming': ['Stream'],
};

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

export const catalog: CatalogRow[] = [
  {
    id: 'openai',
    title: 'OpenAI',
    aliases: ['azure', 'azure_openai'],
    category: 'model',
    packages: [{ name: 'openai', tested: { from: '4.20.0', below: '8.0.0' }, files: openaiFiles }],
    chunk: 'instrument-openai',
  },
  {
    id: 'anthropic',
    title: 'Anthropic',
    aliases: ['claude'],
    category: 'model',
    packages: [
      { name: '@anthropic-ai/sdk', tested: { from: '0.68.0', below: '2.0.0' }, files: anthropicFiles },
    ],
    chunk: 'instrument-anthropic',
  },
  {
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
  },
  {
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
      },
    ],
    chunk: 'instrument-watsonx',
  },
  {
    id: 'requests',
    title: 'node:http and node:https',
    aliases: ['http', 'https'],
    category: 'infrastructure',
    channels: ['http.server.request.start', 'http.client.request.start'],
    startsWithModels: true,
    chunk: 'instrument-http',
  },
  {
    id: 'urllib3',
    title: 'fetch and undici',
    aliases: ['undici', 'fetch'],
    category: 'infrastructure',
    channels: ['undici:request:create'],
    chunk: 'instrument-undici',
  },
  {
    id: 'opentelemetry',
    title: 'OpenTelemetry API',
    aliases: ['otel'],
    category: 'infrastructure',
    packages: [
      {
        name: '@opentelemetry/api',
        tested: { from: '1.0.0', below: '1.11.0' },
        files: {
          'build/src/index': ['trace', 'context'],
          'build/esm/index': ['trace', 'context'],
          'build/esnext/index': ['trace', 'context'],
          'dist/index': ['trace', 'context'],
        },
      },
    ],
    chunk: 'instrument-opentelemetry-api',
  },
  {
    id: 'threading',
    title: 'context across async code',
    category: 'infrastructure',
  },
];
