import { providerAt, type Server, serverOf } from '../genai/providers';
import { asDict } from '../genai/read';
import { fieldsOf } from './own-methods';

/** Who answers behind a class of LlamaIndex's: names of classes begin with that of the vendor, by and large. */
const VENDORS: [prefix: string, provider: string][] = [
  ['Azure', 'azure.ai.openai'],
  ['OpenAI', 'openai'],
  ['Anthropic', 'anthropic'],
  ['Gemini', 'gcp.gemini'],
  ['Vertex', 'gcp.vertex_ai'],
  ['Google', 'gcp.gemini'],
  ['Mistral', 'mistral_ai'],
  ['Groq', 'groq'],
  ['Ollama', 'ollama'],
  ['DeepSeek', 'deepseek'],
  ['Together', 'together_ai'],
  ['Fireworks', 'fireworks_ai'],
  ['DeepInfra', 'deepinfra'],
  ['Perplexity', 'perplexity'],
  ['HuggingFace', 'huggingface'],
  ['Replicate', 'replicate'],
  ['Cohere', 'cohere'],
  ['Bedrock', 'aws.bedrock'],
  ['Jina', 'jina'],
  ['Voyage', 'voyage'],
  ['Mixedbread', 'mixedbread'],
  ['Portkey', 'portkey'],
  ['VLLM', 'vllm'],
];

export interface Vendor {
  provider: string;
  server: Server | undefined;
}

/** Of a model's or embedder's class, or one it is derived from; what is none of LlamaIndex's is its own vendor. */
export function vendorOf(model: unknown): Vendor {
  const { baseURL, additionalSessionOptions } = fieldsOf(model);
  const server = serverOf(baseURL ?? asDict(additionalSessionOptions)?.baseURL);
  return { provider: providerAt(server, byClass(model)), server };
}

function byClass(model: unknown): string {
  const names: string[] = [];
  for (let type = (model as object | null)?.constructor; type?.name; type = Object.getPrototypeOf(type)) {
    const known = VENDORS.find(([prefix]) => type?.name.startsWith(prefix));
    if (known) return known[1];
    names.push(type.name);
  }
  return names[0]?.toLowerCase() ?? 'unknown';
}
