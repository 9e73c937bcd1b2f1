import { asDict, asString, type Dict } from '../../genai/read';
import type { ModelRequest, Part } from '../../genai/types';

export const GUARDRAIL = {
  id: 'aws.bedrock.guardrail.id',
  version: 'aws.bedrock.guardrail.version',
  action: 'aws.bedrock.guardrail.action',
} as const;

/** Which guardrail a request asks for. */
export function guardrailExtra(config: unknown): ModelRequest['extra'] {
  const { guardrailIdentifier, guardrailId, guardrailVersion } = asDict(config) ?? {};
  return {
    [GUARDRAIL.id]: asString(guardrailIdentifier) ?? asString(guardrailId),
    [GUARDRAIL.version]: asString(guardrailVersion),
  };
}

/** What a guardrail found: it quotes the prompt and the answer, and is content like them. */
export function guardrailParts(trace: unknown): Part[] {
  const found: Dict | undefined = asDict(asDict(trace)?.guardrail);
  return found ? [{ ...found, type: 'guardrail' }] : [];
}
