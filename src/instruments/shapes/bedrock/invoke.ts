import { jsonOf } from '../../genai/bytes';
import { asDict, asNumber, asString, type Dict } from '../../genai/read';
import type { ModelResponse, StreamAccumulator, Usage, WireOperation } from '../../genai/types';
import { claude, claudeText } from './claude';
import { cohereChat, cohereMessages } from './cohere';
import { converse } from './converse';
import { embeddings } from './embeddings';
import { GUARDRAIL, guardrailParts } from './guardrail';
import { images } from './images';
import { openaiLike } from './openai-like';
import { rerank } from './rerank';
import { textModels } from './text-models';
import { withCache } from './usage';

interface Family {
  is(body: Dict, model: string): boolean;
  operation: WireOperation;
}

/**
 * Whose body it is: told by the body where that is clear, since an ARN may say nothing of the model, and by the id
 * where it is not. The first that fits.
 */
const FAMILIES: Family[] = [
  { is: (body) => 'query' in body && 'documents' in body, operation: rerank },
  {
    is: (body, model) => 'max_tokens_to_sample' in body || ('prompt' in body && /anthropic\./.test(model)),
    operation: claudeText,
  },
  { is: (body, model) => 'anthropic_version' in body || /anthropic\./.test(model), operation: claude },
  {
    is: (body, model) =>
      /embed/.test(model) ||
      ['texts', 'embeddingTypes', 'embedding_types', 'embeddingConfig'].some((key) => key in body) ||
      /_EMBEDDING$/.test(asString(body.taskType) ?? ''),
    operation: embeddings,
  },
  {
    is: (body, model) =>
      /stability\.|titan-image|nova-canvas/.test(model) ||
      ['imageGenerationConfig', 'text_prompts'].some((key) => key in body),
    operation: images,
  },
  {
    is: (body, model) => /amazon\.nova/.test(model) || 'inferenceConfig' in body || 'schemaVersion' in body,
    operation: converse,
  },
  { is: (body) => typeof body.message === 'string', operation: cohereChat },
  { is: (body, model) => 'messages' in body && /cohere\./.test(model), operation: cohereMessages },
  { is: (body) => 'messages' in body, operation: openaiLike },
];

/**
 * InvokeModel and InvokeModelWithResponseStream: what the bodies are is up to the model. `modelId` is part of the
 * path; `body` is the parsed body of the request.
 */
export function invokeModel(modelId: string | undefined, body: unknown): WireOperation {
  const given = asDict(body) ?? {};
  const family = FAMILIES.find(({ is }) => is(given, modelId ?? ''))?.operation ?? textModels;
  return {
    spanSuffix: family.spanSuffix,
    request: (asked, sender) => family.request({ ...asked, modelId }, sender),
    response: (answer) => withBedrock(family.response(answer), asDict(answer) ?? {}),
    accumulator: family.accumulator && (() => new InvokeAccumulator(family.accumulator!())),
  };
}

/** The model's own chunk in an event of the stream: bytes for whoever calls the SDK, base64 on the wire. */
export function chunkOf(event: unknown): unknown {
  const bytes = asDict(asDict(event)?.chunk)?.bytes;
  return jsonOf(typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes);
}

const METRICS = 'amazon-bedrock-invocationMetrics';
const ACTION = 'amazon-bedrock-guardrailAction';
const TRACE = 'amazon-bedrock-trace';

/** What Bedrock adds to the answer of any model: what a guardrail did, and token counts on the last chunk. */
function withBedrock(response: ModelResponse, body: Dict): ModelResponse {
  const action = asString(body[ACTION]);
  const found = guardrailParts(body[TRACE]);
  const intervened = action === 'INTERVENED';
  const messages = response.messages ?? [];
  return {
    ...response,
    usage: completedBy(response.usage, metricsUsage(asDict(body[METRICS]))),
    finishReasons: intervened ? ['guardrail_intervened'] : response.finishReasons,
    messages: found.length > 0 ? [...messages, { role: 'assistant', parts: found }] : messages,
    ...(action && { extra: { ...response.extra, [GUARDRAIL.action]: action } }),
  };
}

function metricsUsage(metrics: Dict | undefined): Usage | undefined {
  if (!metrics) return undefined;
  return withCache({
    input: asNumber(metrics.inputTokenCount),
    output: asNumber(metrics.outputTokenCount),
    cacheRead: asNumber(metrics.cacheReadInputTokenCount),
    cacheWrite: asNumber(metrics.cacheWriteInputTokenCount),
  });
}

/** What the model counted itself says more (reasoning, kinds of cache); Bedrock's count is for those that do not. */
export function completedBy(usage: Usage | undefined, counted: Usage | undefined): Usage | undefined {
  if (!counted) return usage;
  if (usage?.input !== undefined && usage.output !== undefined) return usage;
  return { ...counted, ...definedIn(usage) };
}

const definedIn = (usage: Usage | undefined): Usage =>
  Object.fromEntries(Object.entries(usage ?? {}).filter(([, count]) => count !== undefined));

class InvokeAccumulator implements StreamAccumulator<unknown> {
  readonly #model: StreamAccumulator<unknown>;
  readonly #added: Dict = {};

  constructor(model: StreamAccumulator<unknown>) {
    this.#model = model;
  }

  add(chunk: unknown): void {
    const body = asDict(chunk) ?? {};
    for (const key of [METRICS, ACTION, TRACE]) if (body[key] !== undefined) this.#added[key] = body[key];
    this.#model.add(chunk);
  }

  response(): ModelResponse {
    return withBedrock(this.#model.response(), this.#added);
  }
}
