import { asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { Message, ModelResponse, Part, Usage } from '../../genai/types';
import { partsOf, roleOf } from './content';
import { field, modelName } from './fields';

export function generateResponse(body: Dict): ModelResponse {
  const candidates = asDicts(body.candidates);
  const blocked = asString(field(asDict(field(body, 'promptFeedback')), 'blockReason'));
  const reasons = candidates.map((candidate) => asString(field(candidate, 'finishReason')) ?? '');
  return {
    id: asString(field(body, 'responseId')),
    model: modelName(field(body, 'modelVersion')),
    // A prompt that was blocked has no candidates: why is told beside them.
    finishReasons: reasons.length === 0 && blocked ? [blocked] : reasons,
    messages: candidates
      .map(outputMessage)
      .filter(({ parts, finish_reason }) => parts.length > 0 || finish_reason),
    usage: generateUsage(asDict(field(body, 'usageMetadata'))),
    extra: { 'gcp.gemini.response.block_reason': blocked },
  };
}

function outputMessage(candidate: Dict): Message {
  const content = asDict(candidate.content);
  const reason = asString(field(candidate, 'finishReason'));
  return {
    role: roleOf(content, 'model'),
    parts: [...partsOf(content), ...groundingParts(candidate)],
    ...(reason && { finish_reason: reason }),
  };
}

/** What Google searched for, and what the answer is based on. */
function groundingParts(candidate: Dict): Part[] {
  const grounding = asDict(field(candidate, 'groundingMetadata'));
  if (!grounding) return [];
  const queries = ['webSearchQueries', 'retrievalQueries', 'imageSearchQueries'].flatMap(
    (name) => asStrings(field(grounding, name)) ?? [],
  );
  const sources = asDicts(field(grounding, 'groundingChunks')).flatMap((chunk) => {
    const source = asDict(Object.values(chunk).find((value) => asDict(value)));
    const [title, uri] = [asString(source?.title), asString(source?.uri)];
    return title || uri ? [{ ...(title && { title }), ...(uri && { uri }) }] : [];
  });
  if (queries.length === 0 && sources.length === 0) return [];
  return [{ type: 'grounding', queries, sources }];
}

/**
 * Thoughts are counted beside the candidates, and what tools of the provider's brought in beside the prompt; the
 * conventions count both in. Live sessions call the output `responseTokenCount`.
 */
export function generateUsage(usage: Dict | undefined): Usage | undefined {
  if (!usage) return undefined;
  const count = (name: string) => asNumber(field(usage, name));
  const thoughts = count('thoughtsTokenCount');
  const input = 'promptTokensDetails';
  const output = field(usage, 'candidatesTokensDetails')
    ? 'candidatesTokensDetails'
    : 'responseTokensDetails';
  return {
    input: sum(count('promptTokenCount'), count('toolUsePromptTokenCount')),
    output: sum(count('candidatesTokenCount') ?? count('responseTokenCount'), thoughts),
    cacheRead: count('cachedContentTokenCount'),
    reasoning: thoughts,
    audioInput: ofModality(field(usage, input), 'AUDIO'),
    audioOutput: ofModality(field(usage, output), 'AUDIO'),
    imageInput: ofModality(field(usage, input), 'IMAGE'),
  };
}

function sum(...counts: (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length > 0 ? known.reduce((total, count) => total + count, 0) : undefined;
}

function ofModality(details: unknown, modality: string): number | undefined {
  const counts = asDicts(details).filter((detail) => detail.modality === modality);
  return sum(...counts.map((detail) => asNumber(field(detail, 'tokenCount')) ?? 0));
}
