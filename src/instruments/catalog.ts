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
  /**
   * Paths, without query, of outgoing requests that may be calls of an HTTP API this row knows, whatever client sends them: the first
   * one loads the instrument, which looks closer.
   */
  httpPaths?: RegExp;
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
    id: 'model_http',
    title: 'model APIs without a client library',
    aliases: ['http_net'],
    category: 'model',
    httpPaths:
      /\/(?:chat\/completions|completions|responses|embeddings|messages|rerank|api\/(?:chat|generate|embed)|v[12]\/(?:chat|embed|generate))$|\/models\/[^/]+:\w*(?:[gG]enerateContent|[eE]mbedContents?|[pP]redict)|\/model\/[^/]+\/(?:converse|invoke)/,
    chunk: 'instrument-model_http',
  },
  {
    id: 'alephalpha',
    title: 'Aleph Alpha',
    aliases: ['aleph_alpha'],
    category: 'model',
    httpPaths:
      /\/(?:complete|embed|(?:batch_)?semantic_embed|instructable_embed|chat\/completions|embeddings)$/,
    chunk: 'instrument-alephalpha',
  },
  {
    id: 'marqo',
    title: 'Marqo',
    category: 'vector store',
    httpPaths: /\/indexes\/[^/]+\/(?:search|embed|documents)(?:\/|$)/,
    chunk: 'instrument-marqo',
  },
  {
    id: 'haystack',
    title: 'Haystack (Hayhooks, deepset Cloud)',
    aliases: ['hayhooks', 'deepset'],
    category: 'framework',
    httpPaths: /\/(?:run|chat|search|chat\/completions|responses)(?:-stream)?$/,
    chunk: 'instrument-haystack',
  },
  {
    id: 'crew',
    title: 'CrewAI',
    aliases: ['crewai'],
    category: 'framework',
    httpPaths: /\/kickoff$|\/status(?:\/|$)/,
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
