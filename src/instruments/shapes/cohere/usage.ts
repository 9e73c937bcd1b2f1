import { asDict, asNumber, type Dict } from '../../genai/read';
import type { ModelResponse, Usage } from '../../genai/types';
import { field } from './field';

/**
 * `usage` of version 2, `meta` of version 1. What is billed is counted, as the conventions want it where a system
 * tells both; what the model read and wrote on top (Cohere's own prompt around the user's) is kept beside it. Other
 * billed units (searches, images, classifications) are no tokens.
 */
export function usageOf(value: unknown): Pick<ModelResponse, 'usage' | 'extra'> {
  const usage = asDict(value);
  const billed = asDict(field(usage, 'billed_units'));
  const tokens = asDict(usage?.tokens);
  if (!billed && !tokens) return {};
  const cached = asNumber(field(usage, 'cached_tokens'));
  const input = count(billed, 'input_tokens') ?? count(tokens, 'input_tokens');
  const counted: Usage = {
    input,
    output: count(billed, 'output_tokens') ?? count(tokens, 'output_tokens'),
    // Cached tokens may be those of Cohere's own prompt, which are not billed: then they are no part of the input.
    cacheRead: cached !== undefined && input !== undefined && cached <= input ? cached : undefined,
  };
  return {
    ...(Object.values(counted).some((value) => value !== undefined) && { usage: counted }),
    extra: {
      'cohere.usage.billed_units.search_units': count(billed, 'search_units'),
      'cohere.usage.billed_units.classifications': count(billed, 'classifications'),
      'cohere.usage.billed_units.images': count(billed, 'images'),
      'cohere.usage.billed_units.image_tokens': count(billed, 'image_tokens'),
      'cohere.usage.tokens.input_tokens': count(tokens, 'input_tokens'),
      'cohere.usage.tokens.output_tokens': count(tokens, 'output_tokens'),
      'cohere.usage.cached_tokens': cached,
    },
  };
}

const count = (units: Dict | undefined, name: string): number | undefined => asNumber(field(units, name));
