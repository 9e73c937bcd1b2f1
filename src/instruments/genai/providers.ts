/**
 * Who answers at a host, by the well-known values of gen_ai.provider.name. OpenAI's client talks to many; what
 * is none of them keeps the client's own name.
 */
const HOSTS: [suffix: string, provider: string][] = [
  ['api.openai.com', 'openai'],
  ['openai.azure.com', 'azure.ai.openai'],
  ['cognitiveservices.azure.com', 'azure.ai.openai'],
  ['services.ai.azure.com', 'azure.ai.inference'],
  ['models.inference.ai.azure.com', 'azure.ai.inference'],
  ['api.anthropic.com', 'anthropic'],
  ['openrouter.ai', 'openrouter'],
  ['api.deepseek.com', 'deepseek'],
  ['api.x.ai', 'x_ai'],
  ['api.perplexity.ai', 'perplexity'],
  ['api.groq.com', 'groq'],
  ['mistral.ai', 'mistral_ai'],
  ['api.cohere.com', 'cohere'],
  ['api.cohere.ai', 'cohere'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['aiplatform.googleapis.com', 'gcp.vertex_ai'],
  ['api.together.xyz', 'together_ai'],
  ['api.together.ai', 'together_ai'],
  ['api.fireworks.ai', 'fireworks_ai'],
  ['api.moonshot.ai', 'moonshot_ai'],
  ['api.moonshot.cn', 'moonshot_ai'],
  ['aleph-alpha.com', 'aleph_alpha'],
  ['api.cerebras.ai', 'cerebras'],
  ['router.huggingface.co', 'huggingface'],
  ['integrate.api.nvidia.com', 'nvidia'],
  ['ml.cloud.ibm.com', 'ibm.watsonx.ai'],
  ['ollama.com', 'ollama'],
  ['replicate.com', 'replicate'],
  ['replicate.delivery', 'replicate'],
  ['amazonaws.com', 'aws.bedrock'],
];

/** Servers people run themselves, recognised by the port they listen on unless told otherwise. */
const PORTS: Record<number, string> = { 11434: 'ollama', 8000: 'vllm', 1234: 'lm_studio' };
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|host\.docker\.internal|ollama|vllm)$/;

export interface Server {
  address: string;
  port: number;
}

/** The one that was asked for last: an app calls the same server again and again. */
let last: { baseUrl: string; server: Server | undefined } | undefined;

/** Host and port of a base URL, or undefined where it is none. */
export function serverOf(baseUrl: unknown): Server | undefined {
  const text = baseUrl instanceof URL ? baseUrl.href : baseUrl;
  if (typeof text !== 'string') return undefined;
  if (last?.baseUrl !== text) last = { baseUrl: text, server: parseServer(text) };
  return last.server;
}

function parseServer(baseUrl: string): Server | undefined {
  try {
    const url = new URL(baseUrl);
    const port = url.port ? Number(url.port) : url.protocol === 'http:' ? 80 : 443;
    return { address: url.hostname, port };
  } catch {
    return undefined;
  }
}

/** The provider at `server`, or `fallback` where the host is not known. */
export function providerAt(server: Server | undefined, fallback: string): string {
  if (!server) return fallback;
  const { address, port } = server;
  if (address.startsWith('runtime.sagemaker.')) return 'aws.sagemaker';
  for (const [suffix, provider] of HOSTS) {
    if (address === suffix || address.endsWith(`.${suffix}`)) return provider;
  }
  // Vertex AI hosts are `<region>-aiplatform.googleapis.com`.
  if (address.endsWith('-aiplatform.googleapis.com')) return 'gcp.vertex_ai';
  if (LOOPBACK.test(address)) return PORTS[port] ?? fallback;
  return fallback;
}

/** AWS hosts that answer model calls; the rest of amazonaws.com may well be the app's own services. */
const AWS_MODELS = /^(bedrock|runtime\.sagemaker)[.\w-]*\.(amazonaws\.com(\.cn)?|api\.aws)$/;

/** Whether a request to this host goes to a model vendor, whatever made it. */
export function isModelServer(address: string, port: number): boolean {
  if (/(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/.test(address)) return AWS_MODELS.test(address);
  if (LOOPBACK.test(address)) return PORTS[port] === 'ollama';
  return providerAt({ address, port }, '') !== '';
}

/** Vector stores where their makers run them; elsewhere they are servers of the app's own. */
const VECTOR_STORES =
  /(^|\.)(pinecone\.io|trychroma\.com|qdrant\.(io|tech)|zilliz(cloud)?\.com|weaviate\.(cloud|network|io))$/;

/** Whether a request to this host goes to the maker of a vector store, whatever made it. */
export const isVectorStoreVendor = (address: string): boolean => VECTOR_STORES.test(address);
