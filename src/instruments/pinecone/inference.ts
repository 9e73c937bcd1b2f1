import { dimensionsOf } from '../database/readable';
import { serverOf } from '../genai/providers';
import { asArray, asDict, asDicts, asNumber, asString, asStrings, asText, type Dict } from '../genai/read';
import type { ModelRequest, Part } from '../genai/types';
import type { ModelOperation } from '../kit/method';

/** A thousand documents may come back ranked; those at the end tell nothing. */
const MAX_RESULTS = 100;

export const embed: ModelOperation = {
  instrument: 'pinecone',
  name: 'pinecone.embeddings',
  request: (args, self) => {
    const { model, inputs, parameters } = optionsOf(args, ['model', 'inputs', 'parameters']);
    const given = asDict(parameters);
    return {
      ...baseRequest('embeddings', model, self),
      dimensions: asNumber(given?.dimension),
      messages: (asArray(inputs) ?? []).map((input) => ({ role: 'user', parts: [textPart(input)] })),
      extra: { 'pinecone.request.input_type': asString(given?.inputType ?? given?.input_type) },
    };
  },
  response: (answer) => {
    const { model, data, usage } = asDict(answer) ?? {};
    const [first] = asDicts(data);
    return {
      model: asString(model),
      dimensions: dimensionsOf(first?.values),
      usage: { input: asNumber(asDict(usage)?.totalTokens) },
    };
  },
};

export const rerank: ModelOperation = {
  instrument: 'pinecone',
  name: 'pinecone.rerank',
  request: (args, self) => {
    const { model, query, documents, topN } = rerankOptions(args);
    const parts = [query, ...(asArray(documents) ?? [])].filter((given) => given !== undefined).map(textPart);
    return {
      ...baseRequest('rerank', model, self),
      messages: parts.length > 0 ? [{ role: 'user', parts }] : [],
      extra: {
        'gen_ai.request.document.count': asArray(documents)?.length,
        'gen_ai.retrieval.top_k': asNumber(topN),
      },
    };
  },
  response: (answer) => {
    const { model, data, usage } = asDict(answer) ?? {};
    const parts = asDicts(data)
      .slice(0, MAX_RESULTS)
      .map(
        ({ index, score, document }): Part => ({
          type: 'rerank_result',
          index,
          relevance_score: score,
          ...(document !== undefined && { document: textPart(document) }),
        }),
      );
    return {
      model: asString(model),
      messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
      extra: { 'pinecone.usage.rerank_units': asNumber(asDict(usage)?.rerankUnits) },
    };
  },
};

/** Before pinecone 7 the arguments came one by one. */
function optionsOf(args: unknown[], names: string[]): Dict {
  return asDict(args[0]) ?? Object.fromEntries(names.map((name, at) => [name, args[at]]));
}

function rerankOptions(args: unknown[]): Dict {
  const options = optionsOf(args, ['model', 'query', 'documents', 'options']);
  return { ...asDict(options.options), ...options };
}

function baseRequest(operation: ModelRequest['operation'], model: unknown, self: unknown): ModelRequest {
  const config = asDict(asDict(self)?.config);
  const url =
    asDict(asDict(asDict(self)?._inferenceApi)?.configuration)?.basePath ?? config?.controllerHostUrl;
  const server = serverOf(asString(url) ?? 'https://api.pinecone.io');
  return {
    operation,
    provider: 'pinecone',
    model: asString(model),
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}

/** A text, or a document whose text is in `text`, or in fields of the app's own. */
function textPart(given: unknown): Part {
  const document = asDict(given);
  if (!document) return { type: 'text', content: asStrings(given)?.[0] ?? asText(given) };
  const text = asString(document.text);
  return Object.keys(document).length === 1 && text !== undefined
    ? { type: 'text', content: text }
    : { type: 'document', ...document };
}
