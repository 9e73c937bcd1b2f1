import type { Provider } from '@pydantic/genai-prices';
import { readFileSync } from 'fs';
import { join } from 'path';
import type { Usage } from './types';

/** The price list of each of our provider names; whoever is not here has no known price. */
const PRICE_LISTS: Record<string, string> = {
  anthropic: 'anthropic',
  'aws.bedrock': 'aws',
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure',
  cerebras: 'cerebras',
  cohere: 'cohere',
  deepseek: 'deepseek',
  fireworks_ai: 'fireworks',
  'gcp.gemini': 'google',
  'gcp.vertex_ai': 'google',
  'gcp.gen_ai': 'google',
  groq: 'groq',
  huggingface_cerebras: 'huggingface_cerebras',
  'huggingface_fireworks-ai': 'huggingface_fireworks-ai',
  huggingface_groq: 'huggingface_groq',
  huggingface_hyperbolic: 'huggingface_hyperbolic',
  huggingface_nebius: 'huggingface_nebius',
  huggingface_novita: 'huggingface_novita',
  huggingface_nscale: 'huggingface_nscale',
  huggingface_ovhcloud: 'huggingface_ovhcloud',
  huggingface_publicai: 'huggingface_publicai',
  huggingface_sambanova: 'huggingface_sambanova',
  huggingface_together: 'huggingface_together',
  mistral_ai: 'mistral',
  moonshot_ai: 'moonshotai',
  openai: 'openai',
  openrouter: 'openrouter',
  perplexity: 'perplexity',
  together_ai: 'together',
  x_ai: 'x-ai',
};

const lists = new Map<string, Provider | undefined>();
/** A price list cut down to the one model: looking a model up goes through the whole list every time. */
const listsOfModels = new Map<string, Provider | undefined>();

/**
 * US dollars for one call, by the price lists of genai-prices that are built into this package. Undefined where
 * no price is known for the first of `models` that has one, or there are no tokens to price.
 */
export function costOf(
  provider: string,
  models: (string | undefined)[],
  usage: Usage,
  at: Date,
): number | undefined {
  if (usage.input === undefined && usage.output === undefined) return undefined;
  const list = priceList(provider);
  if (!list) return undefined;
  for (const model of namesIn(provider, models)) {
    const cost = model ? costWith(list, model, usage, at) : undefined;
    if (cost !== undefined) return cost;
  }
  return undefined;
}

/**
 * On Bedrock what was asked for says more than what the model calls itself: the price depends on the inference
 * profile (`us.`, `global.`). Of an ARN its last part is the model, or a name of the app's own that has no price.
 */
function namesIn(provider: string, models: (string | undefined)[]): (string | undefined)[] {
  if (provider !== 'aws.bedrock') return models;
  return models.toReversed().map((model) => (model?.startsWith('arn:') ? model.split('/').at(-1) : model));
}

function costWith(list: Provider, model: string, usage: Usage, at: Date): number | undefined {
  const { calcPrice } = require('../../vendor/genai-prices') as typeof import('../../vendor/genai-prices');
  const key = `${list.id} ${model}`;
  if (listsOfModels.has(key) && !listsOfModels.get(key)) return undefined;
  const provider = listsOfModels.get(key) ?? list;
  let price: ReturnType<typeof calcPrice>;
  try {
    price = calcPrice(priceableUsage(usage), model, { provider, timestamp: at });
  } catch {
    // Counts that cannot be: less than none, or more tokens out of the cache than there were.
    return undefined;
  }
  // Model names come from the app: whatever it makes up must not fill the memory.
  if (listsOfModels.size > 1000) listsOfModels.clear();
  listsOfModels.set(key, price ? { ...list, models: [price.model] } : undefined);
  return price ? Number(price.total_price.toPrecision(12)) : undefined;
}

function priceableUsage(usage: Usage): Record<string, number> {
  const counts = {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    input_audio_tokens: usage.audioInput,
    output_audio_tokens: usage.audioOutput,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count)) as Record<string, number>;
}

/** One list is some 40 kB of JSON, all of them ten times that: each is read when it is first needed. */
function priceList(provider: string): Provider | undefined {
  const id = Object.hasOwn(PRICE_LISTS, provider) ? PRICE_LISTS[provider] : undefined;
  if (!id) return undefined;
  if (!lists.has(id)) {
    lists.set(id, JSON.parse(readFileSync(join(__dirname, 'prices', `${id}.json`), 'utf8')) as Provider);
  }
  return lists.get(id);
}
