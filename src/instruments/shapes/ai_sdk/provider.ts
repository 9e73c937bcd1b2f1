import { providerAt, type Server, serverOf } from '../../genai/providers';
import { asDict, asString, type Dict } from '../../genai/read';

/** Who a model is of: what its object says of itself. */
export interface ModelIdentity {
  /** The first half of the span's name. */
  library: string;
  /** gen_ai.provider.name */
  provider: string;
  model?: string;
  server?: Server;
}

/** The AI SDK's names of providers, up to the first dot, where ours is another one. */
const PROVIDERS: Record<string, string> = {
  'amazon-bedrock': 'aws.bedrock',
  bedrock: 'aws.bedrock',
  azure: 'azure.ai.openai',
  'azure-openai': 'azure.ai.openai',
  fireworks: 'fireworks_ai',
  google: 'gcp.gemini',
  mistral: 'mistral_ai',
  moonshotai: 'moonshot_ai',
  togetherai: 'together_ai',
  vertex: 'gcp.vertex_ai',
  xai: 'x_ai',
};

/** What the libraries of those providers are called in span names. */
const LIBRARIES: Record<string, string> = {
  'amazon-bedrock': 'bedrock',
  google: 'google_generativeai',
  vertex: 'vertexai',
  togetherai: 'together',
};

/** `openai.chat`, `google.generative-ai`, `google.vertex.chat`, `vertex.anthropic.messages`; `gateway` asks others. */
export function identityOf(model: unknown): ModelIdentity {
  const { provider: ofModel, modelId, config } = (model ?? {}) as Dict;
  const id = asString(modelId);
  const full = asString(ofModel) ?? '';
  const [first = '', second] = full.split('.');
  const asked = first === 'gateway' && id?.includes('/') ? id.slice(0, id.indexOf('/')) : first;
  const isVertex = asked === 'google' && second === 'vertex';
  const key = isVertex ? 'vertex' : asked;
  const known = key === 'vertex' && full.includes('anthropic') ? 'anthropic' : key;
  const server = serverOf(baseUrlOf(config, id));
  const own = PROVIDERS[key] ?? (key === '' ? 'unknown' : key.replaceAll('-', '_'));
  return {
    library: LIBRARIES[known] ?? (known === '' ? 'ai' : known.replaceAll('-', '_')),
    provider: first === 'gateway' ? own : providerAt(server, own),
    model: id,
    server,
  };
}

function baseUrlOf(config: unknown, modelId: string | undefined): unknown {
  const { baseURL, url } = asDict(config) ?? {};
  if (typeof baseURL === 'string') return baseURL;
  if (typeof url !== 'function') return undefined;
  try {
    return Reflect.apply(url, config, [{ path: '/', modelId: modelId ?? '' }]) as unknown;
  } catch {
    return undefined;
  }
}
