import { defineInstrument, type LoadedModule } from '../kit/define';
import { patch } from '../kit/wrap';
import { agentWorkflow, runner } from './agents';
import { INSTRUMENT } from './models';
import { type Methods, patchOwn } from './own-methods';
import * as roles from './roles';
import { heardToolCalls } from './tools';
import { ownSteps, promisedWorkflow, workflow, workflowContext } from './workflow-classes';
import { handlerVariable } from './workflow-events';

const bus: Methods = { dispatchEvent: heardToolCalls };
const agentSteps: Methods = { setupWorkflowSteps: ownSteps };

/** What the classes of LlamaIndex's own packages are. Providers' are models and embedders by what they have. */
const CLASSES: Record<string, Methods[]> = {
  BaseLLM: [roles.baseModel],
  BaseEmbedding: [roles.embedder],
  MultiModalEmbedding: [roles.embedder],
  BaseRetriever: [roles.retriever],
  BaseQueryEngine: [roles.queryEngine],
  BaseSynthesizer: [roles.synthesizer],
  BaseSelector: [roles.selector],
  SimpleChatEngine: [roles.chatEngine],
  ContextChatEngine: [roles.chatEngine],
  CondenseQuestionChatEngine: [roles.chatEngine],
  AgentRunner: [runner],
  CallbackManager: [bus],
  CorrectnessEvaluator: [roles.evaluator],
  FaithfulnessEvaluator: [roles.evaluator],
  RelevancyEvaluator: [roles.evaluator],
  SimilarityPostprocessor: [roles.postprocessor],
  MetadataReplacementPostProcessor: [roles.postprocessor],
  JinaAIReranker: [roles.postprocessor],
  IngestionPipeline: [roles.pipeline],
  AgentWorkflow: [agentWorkflow, agentSteps],
  WorkflowContext: [workflowContext],
};

/** Indices are made by functions of the class. */
const INDICES = ['VectorStoreIndex', 'SummaryIndex', 'KeywordTableIndex'];

const PROVIDERS_CLASS: Methods[] = [roles.model, roles.embedder, roles.postprocessor];

export const instrument = defineInstrument({
  id: INSTRUMENT,
  patchModule({ package: name, path, exports }: LoadedModule) {
    for (const [exported, value] of Object.entries(exports)) {
      if (typeof value === 'function') patchClass(name, path, exported, value);
    }
  },
});

function patchClass(packageName: string, path: string, name: string, type: object): void {
  if (name === 'AsyncContext') {
    patchVariable(type);
    return;
  }
  const { prototype } = type as { prototype?: object };
  if (!prototype) return;
  if (name === 'Workflow') {
    patchOwn(prototype, path.startsWith('workflow/') ? promisedWorkflow : workflow);
    return;
  }
  if (INDICES.includes(name)) patchOwn(type, roles.index);
  const isOwn = packageName === 'llamaindex' || /^@llamaindex\/(core|workflow)$/.test(packageName);
  for (const methods of CLASSES[name] ?? (isOwn ? [] : PROVIDERS_CLASS)) patchOwn(prototype, methods);
}

/** `AsyncContext.Variable`, which all that workflow-core keeps for a handler goes through. */
function patchVariable(type: object): void {
  const { prototype } = (type as { Variable?: { prototype?: object } }).Variable ?? {};
  if (prototype) patch((wrap) => void wrap(prototype, 'run', handlerVariable));
}
