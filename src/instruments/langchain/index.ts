import { untracedByUs } from '../../telemetry/context';
import { defineInstrument } from '../kit/define';
import { patch, type Wrap, type Wrapper } from '../kit/wrap';
import { graphRun, loopOfRun } from './graphs';
import { agentStreamRun, legacyChainRun } from './legacy';
import { patchChatModels, patchCompletionModels } from './models';
import { retrieverRun } from './retrievers';
import { RUNNABLES } from './runnables';
import { toolRun } from './tools';

/** Wrappers by class and method. */
const METHODS: Record<string, Record<string, Wrapper>> = {
  ...RUNNABLES,
  StructuredTool: { call: toolRun },
  Pregel: { _streamIterator: graphRun },
  BaseChain: { invoke: legacyChainRun },
  AgentExecutor: { _streamIterator: agentStreamRun },
  // Of LangSmith: runs that are on their way there.
  Client: {
    createRun: notOfTheTrace,
    updateRun: notOfTheTrace,
    batchIngestRuns: notOfTheTrace,
    multipartIngestRuns: notOfTheTrace,
  },
};

/**
 * `@langchain/core` 0.3 and 1, and LangGraph: what LangChain tells its callbacks is told by the methods that do the
 * work, so that the context is active while they do it, and the app's callbacks and configs stay what they are.
 */
export const instrument = defineInstrument({
  id: 'langchain',
  patchModule({ exports }) {
    patch((wrap) => {
      for (const [name, found] of Object.entries(exports)) {
        if (typeof found === 'function') patchClass(wrap, name, found as unknown as Class);
      }
    });
  },
});

function notOfTheTrace(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    return untracedByUs(() => original.apply(this, args));
  };
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Class = object & { prototype: object };

function patchClass(wrap: Wrap, name: string, found: Class): void {
  const { prototype } = found;
  for (const [method, wrapper] of Object.entries(METHODS[name] ?? {}))
    if (Object.hasOwn(prototype, method)) wrap(prototype, method, wrapper);
  if (name === 'BaseChatModel') patchChatModels(wrap, prototype);
  if (name === 'BaseLLM') patchCompletionModels(wrap, prototype);
  // Since 1.0 there is one way to ask a retriever, and no method below `invoke`.
  if (name === 'BaseRetriever')
    wrap(prototype, 'getRelevantDocuments' in prototype ? 'getRelevantDocuments' : 'invoke', retrieverRun);
  if (name === 'PregelLoop') wrap(found, 'initialize', loopOfRun);
}
