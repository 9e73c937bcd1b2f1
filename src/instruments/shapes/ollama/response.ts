import { asNumber, asString, type Dict } from '../../genai/read';
import type { ModelResponse, Part, Usage } from '../../genai/types';

/** What an answer, or the last event of a stream, says about itself. */
export function generatedResponse(body: Dict, role: string | undefined, parts: Part[]): ModelResponse {
  const finish = asString(body.done_reason);
  return {
    model: asString(body.model),
    finishReasons: finish ? [finish] : [],
    // A stream that was stopped at once has said nothing yet.
    messages:
      parts.length > 0 || finish
        ? [{ role: role ?? 'assistant', parts, ...(finish && { finish_reason: finish }) }]
        : [],
    usage: usageOf(body),
  };
}

/** Older servers leave the count of a prompt out that they have in their cache. */
export function usageOf(body: Dict): Usage | undefined {
  const input = asNumber(body.prompt_eval_count);
  const output = asNumber(body.eval_count);
  return input === undefined && output === undefined ? undefined : { input, output };
}
