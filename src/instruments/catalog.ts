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
