import { asDict, asNumber, asString, type Dict } from '../../genai/read';
import type { ModelResponse, Usage } from '../../genai/types';
import { contentParts } from './content';

export function messageResponse(body: Dict): ModelResponse {
  const reason = asString(body.stop_reason);
  const parts = contentParts(body.content);
  const usage = asDict(body.usage);
  return {
    id: asString(body.id),
    model: asString(body.model),
    finishReasons: reason ? [reason] : [],
    messages:
      parts.length > 0
        ? [{ role: asString(body.role) ?? 'assistant', parts, ...(reason && { finish_reason: reason }) }]
        : [],
    usage: messageUsage(usage),
    extra: {
      'anthropic.container.id': asString(asDict(body.container)?.id),
      'anthropic.response.service_tier': asString(usage?.service_tier),
      ...serverToolUsage(asDict(usage?.server_tool_use)),
    },
  };
}

/** Anthropic counts cached tokens beside `input_tokens`; the conventions count them in. */
function messageUsage(usage: Dict | undefined): Usage | undefined {
  if (!usage) return undefined;
  const uncached = asNumber(usage.input_tokens);
  const cacheRead = asNumber(usage.cache_read_input_tokens);
  const cacheWrite = asNumber(usage.cache_creation_input_tokens);
  return {
    input: uncached === undefined ? undefined : uncached + (cacheRead ?? 0) + (cacheWrite ?? 0),
    output: asNumber(usage.output_tokens),
    cacheRead,
    cacheWrite,
    reasoning: asNumber(asDict(usage.output_tokens_details)?.thinking_tokens),
  };
}

/** How often a tool on the provider's side was used, which is billed on top of the tokens. */
function serverToolUsage(usage: Dict | undefined): Record<string, number | undefined> {
  return Object.fromEntries(
    Object.entries(usage ?? {}).map(([name, count]) => [
      `anthropic.usage.server_tool_use.${name}`,
      asNumber(count),
    ]),
  );
}
