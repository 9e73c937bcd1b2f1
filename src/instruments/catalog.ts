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
  /** Other rows that RESPAN_INSTRUMENTS switches on with this one. */
  includes?: string[];
  category: 'model' | 'vector store' | 'framework' | 'infrastructure';
  /** npm packages and the files in them whose classes or functions are patched. */
  packages?: CatalogPackage[];
  /** diagnostics_channel names of Node builtins; the first message on one of them starts the instrument. */
  channels?: string[];
  /**
   * Paths, without query, of outgoing requests that may be calls of an HTTP API this row knows, whatever client sends them: the first
   * one loads the instrument, which looks closer. A regular expression, as text: the catalog is data that the build writes
   * out as JSON.
   */
  httpPaths?: string;
  /** Started with the first model library as well: its channels speak too late for the first outgoing call. */
  startsWithModels?: boolean;
  /** The built chunk that holds the instrument; loaded with the library, never before. */
  chunk?: string;
  /** The instrumentation scope of its spans, where that is not `respan.<id>`. */
  scope?: string;
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
   * For `new RespanTelemetry({ instrumentModules })`: where in the package's main export, or in its main class, the
   * same classes are found (`Chat.Completions`), to the file and name above (`resources/chat/completions Completions`).
   */
  fromMain?: Record<string, string>;
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

const openaiMain: Record<string, string> = {
  'Chat.Completions': 'resources/chat/completions Completions',
  Completions: 'resources/completions Completions',
  Responses: 'resources/responses/responses Responses',
  Embeddings: 'resources/embeddings Embeddings',
  Images: 'resources/images Images',
  Moderations: 'resources/moderations Moderations',
  'Audio.Speech': 'resources/audio/speech Speech',
  'Audio.Transcriptions': 'resources/audio/transcriptions Transcriptions',
  'Audio.Translations': 'resources/audio/translations Translations',
};

/** Of those that took over OpenAI's API and its generator. */
const groqFiles: Record<string, string[]> = {
  'resources/chat/completions': ['Completions'],
  'resources/embeddings': ['Embeddings'],
  'resources/audio/speech': ['Speech'],
  'resources/audio/transcriptions': ['Transcriptions'],
  'resources/audio/translations': ['Translations'],
};

const groqMain: Record<string, string> = {
  'Chat.Completions': 'resources/chat/completions Completions',
  Embeddings: 'resources/embeddings Embeddings',
  'Audio.Speech': 'resources/audio/speech Speech',
  'Audio.Transcriptions': 'resources/audio/transcriptions Transcriptions',
  'Audio.Translations': 'resources/audio/translations Translations',
};

const togetherFiles: Record<string, string[]> = {
  ...groqFiles,
  'resources/completions': ['Completions'],
  'resources/images': ['Images'],
  'resources/rerank': ['Rerank'],
  'resources/audio': ['Audio'],
  'resources/audio/audio': ['Audio'],
  client: ['Together'],
  index: ['Together'],
};

const togetherMain: Record<string, string> = {
  ...groqMain,
  Completions: 'resources/completions Completions',
  Images: 'resources/images Images',
  Rerank: 'resources/rerank Rerank',
  Audio: 'resources/audio/audio Audio',
  Together: 'client Together',
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

const anthropicMain: Record<string, string> = {
  Messages: 'resources/messages Messages',
  Completions: 'resources/completions Completions',
  'Beta.Messages': 'resources/beta/messages Messages',
  BaseAnthropic: 'client BaseAnthropic',
};
const AWS_TESTED = { from: '3.481.0', below: '4.0.0' };

/** One file since 3.495, one file a class before. */
const awsFiles = (client: string): Record<string, string[]> => ({
  'dist-cjs/index': [client],
  [`dist-cjs/${client}`]: [client],
});
const genaiClasses = ['Models', 'GoogleGenAI', 'Live', 'Session'];

const cohereFiles: Record<string, string[]> = {
  Client: ['CohereClient'],
  'api/resources/v2/client/Client': ['V2Client', 'V2'],
  'api/resources/audio/resources/transcriptions/client/Client': ['TranscriptionsClient'],
  'aws-utils': ['fetchOverride'],
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

/** Version 1 is CommonJS; version 2 is ES modules alone, in a folder. */
const mistralFiles: Record<string, string[]> = Object.fromEntries(
  ['', 'esm/'].flatMap((folder) => [
    ...['Chat', 'Agents', 'Fim', 'Embeddings', 'Classifiers', 'Ocr', 'Conversations'].map((name) => [
      `${folder}sdk/${name.toLowerCase()}`,
      [name],
    ]),
    [`${folder}lib/sdks`, ['ClientSDK']],
    [`${folder}lib/event-streams`, ['EventStream']],
    [`${folder}extra/observability/provider`, ['getRegisteredTracerProvider']],
  ]),
);

/** Until 0.5.11 the class of `ollama/browser` was in a file whose name changed with each version. */
const ollamaHashes = [
  'be8fd0da',
  '14e58652',
  '06ec3df8',
  'cddbc85b',
  'd8c046e0',
  '7987ad93',
  '7d273fc8',
  '5360ad67',
  '133b951a',
];
const ollamaFiles: Record<string, string[]> = {
  'dist/index': ['Ollama'],
  'dist/browser': ['Ollama', 'Ollama$1'],
  ...Object.fromEntries(ollamaHashes.map((hash) => [`dist/shared/ollama.${hash}`, ['Ollama$1']])),
};

export const catalog: CatalogRow[] = [
  {
    id: 'openai',
    title: 'OpenAI',
    aliases: ['azure', 'azure_openai'],
    category: 'model',
    packages: [
      {
        name: 'openai',
        tested: { from: '4.20.0', below: '8.0.0' },
        files: openaiFiles,
        fromMain: openaiMain,
      },
    ],
    chunk: 'instrument-openai',
  },
  {
    id: 'anthropic',
    title: 'Anthropic',
    aliases: ['claude'],
    category: 'model',
    packages: [
      {
        name: '@anthropic-ai/sdk',
        tested: { from: '0.68.0', below: '2.0.0' },
        files: anthropicFiles,
        fromMain: anthropicMain,
      },
    ],
    chunk: 'instrument-anthropic',
  },
  {
    id: 'bedrock',
    title: 'Amazon Bedrock',
    aliases: ['aws_bedrock'],
    category: 'model',
    packages: [
      {
        name: '@aws-sdk/client-bedrock-runtime',
        tested: AWS_TESTED,
        files: awsFiles('BedrockRuntimeClient'),
      },
      {
        name: '@aws-sdk/client-bedrock-agent-runtime',
        tested: AWS_TESTED,
        files: awsFiles('BedrockAgentRuntimeClient'),
      },
    ],
    chunk: 'instrument-bedrock',
  },
  {
    id: 'sagemaker',
    title: 'Amazon SageMaker',
    aliases: ['aws_sagemaker'],
    category: 'model',
    packages: [
      {
        name: '@aws-sdk/client-sagemaker-runtime',
        tested: AWS_TESTED,
        files: awsFiles('SageMakerRuntimeClient'),
      },
    ],
    chunk: 'instrument-sagemaker',
  },
  {
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
      },
      {
        name: '@google/generative-ai',
        tested: { from: '0.21.0', below: '0.25.0' },
        files: { 'dist/index': ['GenerativeModel', 'ChatSession'] },
      },
    ],
    chunk: 'instrument-google_generativeai',
  },
  {
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
  },
  {
    id: 'groq',
    title: 'Groq',
    category: 'model',
    packages: [
      {
        name: 'groq-sdk',
        tested: { from: '0.5.0', below: '2.0.0' },
        files: groqFiles,
        fromMain: groqMain,
      },
    ],
    chunk: 'instrument-groq',
  },
  {
    id: 'together',
    title: 'Together AI',
    aliases: ['together_ai'],
    category: 'model',
    packages: [
      {
        name: 'together-ai',
        tested: { from: '0.6.0', below: '1.0.0' },
        files: togetherFiles,
        fromMain: togetherMain,
      },
    ],
    chunk: 'instrument-together',
  },
  {
    id: 'cohere',
    title: 'Cohere',
    aliases: ['cohere_ai'],
    category: 'model',
    packages: [{ name: 'cohere-ai', tested: { from: '7.7.0', below: '9.0.0' }, files: cohereFiles }],
    chunk: 'instrument-cohere',
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
    id: 'mistral',
    title: 'Mistral',
    aliases: ['mistralai'],
    category: 'model',
    packages: [
      { name: '@mistralai/mistralai', tested: { from: '1.3.6', below: '3.0.0' }, files: mistralFiles },
      { name: '@mistralai/mistralai-azure', tested: { from: '2.0.0', below: '3.0.0' }, files: mistralFiles },
      { name: '@mistralai/mistralai-gcp', tested: { from: '2.0.0', below: '3.0.0' }, files: mistralFiles },
    ],
    chunk: 'instrument-mistral',
  },
  {
    id: 'ollama',
    title: 'Ollama',
    category: 'model',
    packages: [{ name: 'ollama', tested: { from: '0.5.0', below: '0.7.0' }, files: ollamaFiles }],
    chunk: 'instrument-ollama',
  },
  {
    id: 'replicate',
    title: 'Replicate',
    category: 'model',
    packages: [
      {
        name: 'replicate',
        tested: { from: '0.34.0', below: '2.0.0' },
        files: {
          index: ['Replicate'],
          'lib/predictions': ['create', 'get', 'cancel'],
          'lib/deployments': ['predictions'],
        },
      },
    ],
    chunk: 'instrument-replicate',
  },
  {
    id: 'model_http',
    title: 'model APIs without a client library',
    aliases: ['http_net'],
    category: 'model',
    httpPaths:
      /\/(?:chat\/completions|completions|responses|embeddings|messages|rerank|api\/(?:chat|generate|embed)|v[12]\/(?:chat|embed|generate))$|\/models\/[^/]+:\w*(?:[gG]enerateContent|[eE]mbedContents?|[pP]redict)|\/model\/[^/]+\/(?:converse|invoke)/
        .source,
    chunk: 'instrument-model_http',
  },
  {
    id: 'alephalpha',
    title: 'Aleph Alpha',
    aliases: ['aleph_alpha'],
    category: 'model',
    httpPaths:
      /\/(?:complete|embed|(?:batch_)?semantic_embed|instructable_embed|chat\/completions|embeddings)$/
        .source,
    chunk: 'instrument-alephalpha',
  },
  {
    id: 'marqo',
    title: 'Marqo',
    category: 'vector store',
    httpPaths: /\/indexes\/[^/]+\/(?:search|embed|documents)(?:\/|$)/.source,
    chunk: 'instrument-marqo',
  },
  {
    id: 'haystack',
    title: 'Haystack (Hayhooks, deepset Cloud)',
    aliases: ['hayhooks', 'deepset'],
    category: 'framework',
    httpPaths: /\/(?:run|chat|search|chat\/completions|responses)(?:-stream)?$/.source,
    chunk: 'instrument-haystack',
  },
  {
    id: 'crew',
    title: 'CrewAI',
    aliases: ['crewai'],
    category: 'framework',
    httpPaths: /\/kickoff$|\/status(?:\/|$)/.source,
    chunk: 'instrument-crew',
  },
  {
    id: 'requests',
    title: 'node:http and node:https',
    aliases: ['http', 'https'],
    category: 'infrastructure',
    channels: ['http.server.request.start', 'http.client.request.start'],
    startsWithModels: true,
    chunk: 'instrument-http',
    scope: '@opentelemetry/instrumentation-http',
  },
  {
    id: 'urllib3',
    title: 'fetch and undici',
    aliases: ['undici', 'fetch'],
    category: 'infrastructure',
    channels: ['undici:request:create'],
    chunk: 'instrument-undici',
    scope: '@opentelemetry/instrumentation-undici',
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
