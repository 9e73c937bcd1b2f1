import { ATTR } from '../../genai/attributes';
import { asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { ModelResponse, StreamAccumulator, WireOperation } from '../../genai/types';
import { baseRequest } from './base';
import { citationsOf, retrievedDocument, textWithCitations } from './citations';
import { GUARDRAIL, guardrailExtra } from './guardrail';

const KNOWLEDGE_BASE = 'aws.bedrock.knowledge_base.id';

/** Retrieve: what a knowledge base has on a question. */
export const retrieve: WireOperation = {
  spanSuffix: 'retrieval',
  request: (body, sender) => ({
    ...baseRequest('retrieval', undefined, sender),
    messages: question(asDict(body.retrievalQuery)?.text),
    extra: {
      [ATTR.retrievalTopK]: asNumber(vectorSearch(body)?.numberOfResults),
      [ATTR.dataSourceId]: asString(body.knowledgeBaseId),
      [KNOWLEDGE_BASE]: asString(body.knowledgeBaseId),
      ...guardrailExtra(body.guardrailConfiguration),
    },
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const found = asDicts(body.retrievalResults).map((result) => ({
      ...retrievedDocument(result),
      type: 'document',
    }));
    return {
      messages: found.length > 0 ? [{ role: 'assistant', parts: found }] : [],
      ...guardrailed(body.guardrailAction),
    };
  },
};

/** RetrieveAndGenerate, and the same as a stream. */
export const retrieveAndGenerate: WireOperation = {
  spanSuffix: 'chat',
  request: (body, sender) => {
    const { knowledgeBaseConfiguration, externalSourcesConfiguration } =
      asDict(body.retrieveAndGenerateConfiguration) ?? {};
    const knowledge = asDict(knowledgeBaseConfiguration);
    const config = knowledge ?? asDict(externalSourcesConfiguration);
    const generation = asDict(config?.generationConfiguration);
    const inference = asDict(asDict(generation?.inferenceConfig)?.textInferenceConfig);
    return {
      ...baseRequest('chat', asString(config?.modelArn), sender),
      temperature: asNumber(inference?.temperature),
      topP: asNumber(inference?.topP),
      maxTokens: asNumber(inference?.maxTokens),
      stopSequences: asStrings(inference?.stopSequences),
      conversationId: asString(body.sessionId),
      messages: question(asDict(body.input)?.text),
      extra: {
        [ATTR.dataSourceId]: asString(knowledge?.knowledgeBaseId),
        [KNOWLEDGE_BASE]: asString(knowledge?.knowledgeBaseId),
        ...guardrailExtra(generation?.guardrailConfiguration),
      },
    };
  },
  response: (answer) => {
    const body = asDict(answer) ?? {};
    return generated(asString(asDict(body.output)?.text) ?? '', citationsOf(body.citations), body);
  },
  accumulator: () => new GenerationAccumulator(),
};

function vectorSearch(body: Dict): Dict | undefined {
  return asDict(asDict(body.retrievalConfiguration)?.vectorSearchConfiguration);
}

const question = (text: unknown) =>
  typeof text === 'string' ? [{ role: 'user', parts: [{ type: 'text', content: text }] }] : [];

function guardrailed(action: unknown): ModelResponse {
  const taken = asString(action);
  if (!taken) return {};
  return {
    extra: { [GUARDRAIL.action]: taken },
    ...(taken === 'INTERVENED' && { finishReasons: ['guardrail_intervened'] }),
  };
}

function generated(text: string, citations: Dict[], { guardrailAction }: Dict): ModelResponse {
  return {
    messages: text ? [{ role: 'assistant', parts: [textWithCitations(text, citations)] }] : [],
    ...guardrailed(guardrailAction),
  };
}

class GenerationAccumulator implements StreamAccumulator<unknown> {
  #text = '';
  #action: unknown;
  readonly #citations: Dict[] = [];

  add(chunk: unknown): void {
    const event = asDict(chunk) ?? {};
    this.#text += asString(asDict(event.output)?.text) ?? '';
    this.#action = asDict(event.guardrail)?.action ?? this.#action;
    const cited = asDict(event.citation);
    // The older form is inside `citation`, the newer one beside it.
    if (cited)
      this.#citations.push(...citationsOf([cited.generatedResponsePart ? cited : (cited.citation ?? cited)]));
  }

  response(): ModelResponse {
    return generated(this.#text, this.#citations, { guardrailAction: this.#action });
  }
}

/** Rerank of the agent runtime, whichever model does it. */
export const rerankSources: WireOperation = {
  spanSuffix: 'rerank',
  request: (body, sender) => {
    const config = asDict(asDict(body.rerankingConfiguration)?.bedrockRerankingConfiguration);
    const queries = asDicts(body.queries).flatMap(({ textQuery }) => question(asDict(textQuery)?.text));
    const documents = asDicts(body.sources).map(({ inlineDocumentSource }) => {
      const { textDocument, jsonDocument } = asDict(inlineDocumentSource) ?? {};
      const text = asString(asDict(textDocument)?.text);
      return text === undefined
        ? { type: 'document', document: jsonDocument }
        : { type: 'text', content: text };
    });
    return {
      ...baseRequest('rerank', asString(asDict(config?.modelConfiguration)?.modelArn), sender),
      topK: asNumber(config?.numberOfResults),
      messages: [...queries, ...documents.map((part) => ({ role: 'document', parts: [part] }))],
    };
  },
  response: (answer) => {
    const parts = asDicts(asDict(answer)?.results).map(({ index, relevanceScore }) => ({
      type: 'rerank',
      index,
      relevance_score: relevanceScore,
    }));
    return { messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [] };
  },
};
