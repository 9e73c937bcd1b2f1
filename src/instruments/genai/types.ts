/**
 * What a model call is, whatever the provider: instruments translate into these, and one place
 * (to-attributes.ts) writes them onto a span.
 */
export type Operation =
  | 'chat'
  | 'text_completion'
  | 'embeddings'
  | 'image_generation'
  | 'speech'
  | 'transcription'
  | 'translation'
  | 'moderation'
  | 'classification'
  | 'rerank'
  | 'generate_content'
  | 'retrieval'
  | 'invoke_agent'
  | 'invoke_workflow'
  /** Of a model of which nothing is known. */
  | 'inference'
  | 'classify'
  // Of Hugging Face, which has a task for everything a model can do.
  | 'summarization'
  | 'question_answering'
  | 'fill_mask'
  | 'detection'
  | 'segmentation'
  | 'regression'
  | 'similarity'
  | 'image_to_text'
  | 'video_generation'
  | 'audio_to_audio'
  | 'depth_estimation'
  | 'request';

export type Part =
  | { type: 'text'; content: string }
  | { type: 'reasoning'; content: string }
  | { type: 'tool_call'; id?: string; name: string; arguments?: unknown }
  | { type: 'tool_call_response'; id?: string; response: unknown }
  /** Binary content: what it was, never the bytes. */
  | { type: 'blob'; modality: string; mime_type?: string; bytes?: number }
  | { type: 'uri'; modality: string; uri: string; mime_type?: string }
  | { type: 'file'; modality: string; file_id: string; mime_type?: string }
  /** Anything a provider has that the conventions have no name for. */
  | { type: string; [key: string]: unknown };

export interface Message {
  role: string;
  parts: Part[];
  name?: string;
  finish_reason?: string;
}

export interface ToolDefinition {
  type: string;
  name?: string;
  description?: string;
  parameters?: unknown;
}

/** Everything but `operation` and `provider` is optional: what was not asked for is absent. */
export interface ModelRequest {
  operation: Operation;
  provider: string;
  model?: string;
  stream?: boolean;
  temperature?: number;
  topP?: number;
  topK?: number;
  maxTokens?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  seed?: number;
  stopSequences?: string[];
  choiceCount?: number;
  encodingFormats?: string[];
  dimensions?: number;
  outputType?: string;
  reasoningEffort?: string;
  thinkingBudget?: number;
  conversationId?: string;
  serverAddress?: string;
  serverPort?: number;
  system?: Part[];
  messages?: Message[];
  tools?: ToolDefinition[];
  /** Attributes with names of one provider only. */
  extra?: Record<string, string | number | boolean | string[] | undefined>;
}

export interface Usage {
  /** All input tokens, cached ones included. */
  input?: number;
  /** All output tokens, reasoning included. */
  output?: number;
  cacheRead?: number;
  cacheWrite?: number;
  reasoning?: number;
  audioInput?: number;
  audioOutput?: number;
  imageInput?: number;
}

export interface ModelResponse {
  id?: string;
  model?: string;
  finishReasons?: string[];
  messages?: Message[];
  usage?: Usage;
  dimensions?: number;
  extra?: Record<string, string | number | boolean | string[] | undefined>;
  /** Single results, as events of the span; left out with the content. */
  events?: { name: string; attributes: Record<string, string | number> }[];
}

/** Collects the chunks of a stream; `response` may be asked for at any time, also half way. */
export interface StreamAccumulator<Chunk> {
  add(chunk: Chunk): void;
  response(): ModelResponse;
}

/** Who sends a request, as far as its body does not tell. */
export interface Sender {
  baseURL?: unknown;
  /** Of AzureOpenAI alone. */
  apiVersion?: unknown;
  /** gen_ai.provider.name where the host is not known. */
  provider?: string;
}

/**
 * One operation of an HTTP API that several libraries speak (shapes/): from its JSON bodies to the neutral types.
 */
export interface WireOperation {
  /** The span is called `<instrument>.<spanSuffix>`. */
  spanSuffix: string;
  request(body: Record<string, unknown>, sender: Sender): ModelRequest;
  /** From an answer that is not a stream. */
  response(answer: unknown): ModelResponse;
  /** For answers that are streams: of their parsed events. */
  accumulator?(): StreamAccumulator<unknown>;
}
