import { asDict, asDicts, asString } from '../../genai/read';
import type { WireOperation } from '../../genai/types';
import { baseRequest } from './base';
import { contentParts } from './content';
import { GUARDRAIL, guardrailExtra } from './guardrail';

/** ApplyGuardrail: a guardrail on its own, without a model. */
export const applyGuardrail: WireOperation = {
  spanSuffix: 'moderation',
  request: (body, sender) => ({
    ...baseRequest('moderation', undefined, sender),
    messages: [
      {
        role: body.source === 'OUTPUT' ? 'assistant' : 'user',
        parts: contentParts(asDicts(body.content).map((guardContent) => ({ guardContent }))),
      },
    ],
    extra: guardrailExtra(body),
  }),
  response: (answer) => {
    const { action, outputs, assessments } = asDict(answer) ?? {};
    const parts = [
      ...asDicts(outputs).map(({ text }) => ({ type: 'text', content: asString(text) ?? '' })),
      ...asDicts(assessments).map((assessment) => ({ ...assessment, type: 'guardrail' })),
    ];
    return {
      messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
      extra: { [GUARDRAIL.action]: asString(action) },
    };
  },
};
