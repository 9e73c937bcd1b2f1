import { safely } from '../../config/safely';
import { ATTR } from '../genai/attributes';
import { asArray, asDict, asNumber, asString } from '../genai/read';
import { modelMethod } from '../kit/method';
import type { Wrapper } from '../kit/wrap';
import { classNameOf, type EntityMethod, entityMethod, WHERE, workflowOrTask } from './entity-method';
import { readableContent } from './messages';
import { chat, complete, embed } from './models';
import { answerOf, answerText, nodesOf } from './nodes';
import { type Methods, patchClassesOf } from './own-methods';
import { traceTools } from './tools';

/** What the kinds of LlamaIndex's objects do, and how it is told. */

/** `first`, before the method runs. */
const after =
  (first: (self: unknown, args: unknown[]) => void, wrapper: Wrapper): Wrapper =>
  (original) => {
    const traced = wrapper(original);
    return function (this: unknown, ...args: unknown[]) {
      safely(WHERE, () => first(this, args));
      return traced.apply(this, args);
    };
  };

const untouched: Wrapper = (original) => original;

export const model: Methods = {
  chat: after((_, [params]) => traceTools(asDict(params)?.tools), modelMethod(chat)),
  complete: modelMethod(complete),
};

/** `complete` and `exec` of the class that all models have in common are made of `chat`. */
export const baseModel: Methods = {
  complete: after((self) => patchClassesOf(self, model), untouched),
  exec: after((self) => patchClassesOf(self, model), untouched),
};

export const embedder: Methods = {
  getTextEmbedding: modelMethod(embed),
  getQueryEmbedding: modelMethod(embed),
  getTextEmbeddingsBatch: modelMethod(embed),
  getImageEmbedding: modelMethod(embed),
};

/** Objects that do the work of others are those of any class. */
function meetParts(self: unknown): void {
  for (const name of ['llm', 'chatModel']) patchClassesOf(partOf(self, name), model);
  for (const owner of [self, partOf(self, 'index')]) patchClassesOf(partOf(owner, 'embedModel'), embedder);
  patchClassesOf(partOf(self, 'retriever'), retriever);
  patchClassesOf(partOf(self, 'queryEngine'), queryEngine);
  patchClassesOf(partOf(self, 'responseSynthesizer'), synthesizer);
  for (const one of asArray(partOf(self, 'nodePostprocessors')) ?? []) patchClassesOf(one, postprocessor);
  const generator = partOf(self, 'contextGenerator');
  if (generator) meetParts(generator);
}

/** What an object of the app's may compute, or refuse to tell. */
function partOf(self: unknown, name: string): unknown {
  try {
    return asDict(self)?.[name];
  } catch {
    return undefined;
  }
}

const step = (method: EntityMethod): Wrapper => after(meetParts, entityMethod(method));

const named = (self: unknown, input: () => unknown) => ({
  kind: workflowOrTask(),
  name: classNameOf(self),
  input,
});

export const queryEngine: Methods = {
  query: step({
    begin: ([given], self) =>
      named(self, () => readableContent(typeof given === 'string' ? given : asDict(given)?.query)),
    output: answerOf,
    chunk: answerText,
  }),
};

export const chatEngine: Methods = {
  chat: step({
    begin: ([given], self) =>
      named(self, () => readableContent(typeof given === 'string' ? given : asDict(given)?.message)),
    output: answerOf,
    chunk: answerText,
  }),
};

export const retriever: Methods = {
  retrieve: step({
    begin: ([given], self) => ({
      kind: 'task',
      name: classNameOf(self),
      input: () => readableContent(given),
      attributes: topK(self),
    }),
    output: nodesOf,
  }),
};

/** One number, or one for each kind of node. */
function topK(self: unknown): Record<string, number> {
  const { topK: given, similarityTopK } = asDict(self) ?? {};
  const count = asNumber(given) ?? asNumber(asDict(given)?.TEXT) ?? asNumber(similarityTopK);
  return count === undefined ? {} : { [ATTR.retrievalTopK]: count };
}

export const synthesizer: Methods = {
  synthesize: step({
    begin: ([given], self) => ({
      kind: 'task',
      name: classNameOf(self),
      input: () => {
        const { query, nodes } = asDict(given) ?? {};
        return { query: readableContent(query), nodes: nodesOf(nodes) };
      },
    }),
    output: (answer) => answerText(answer),
    chunk: answerText,
  }),
};

/** Rerankers and filters. */
export const postprocessor: Methods = {
  postprocessNodes: step({
    begin: ([nodes, query], self) => ({
      kind: 'task',
      name: classNameOf(self),
      input: () => ({ query: readableContent(query), nodes: nodesOf(nodes) }),
    }),
    output: nodesOf,
  }),
};

export const selector: Methods = {
  select: step({
    begin: ([, query], self) => ({
      kind: 'task',
      name: classNameOf(self),
      input: () => readableContent(query),
    }),
    output: (answer) => asDict(answer)?.selections,
  }),
};

export const evaluator: Methods = {
  evaluate: step({
    begin: ([given], self) => {
      const { query, response, contexts } = asDict(given) ?? {};
      return named(self, () => ({ query: readableContent(query), response, contexts }));
    },
    output: (answer) => {
      const { passing, score, feedback } = asDict(answer) ?? {};
      return { passing, score, feedback };
    },
  }),
};

export const pipeline: Methods = {
  run: step({
    begin: ([given], self) => {
      const { documents, nodes } = asDict(given) ?? {};
      return named(self, () => ({ documents: countOf(documents), nodes: countOf(nodes) }));
    },
    output: (nodes) => ({ nodes: countOf(nodes) }),
  }),
};

/** Static methods: `this` is the class. */
export const index: Methods = {
  fromDocuments: step({
    begin: ([documents], self) => ({
      kind: workflowOrTask(),
      name: asString((self as { name?: unknown } | undefined)?.name) || 'Index',
      input: () => ({ documents: countOf(documents) }),
    }),
    output: () => undefined,
  }),
};

const countOf = (list: unknown): number | undefined => asArray(list)?.length;
