import { safely } from '../../config/safely';
import { type Attributes, context } from '../../telemetry/api';
import { followed } from '../../telemetry/follow';
import { ATTR } from '../genai/attributes';
import { asDict, type Dict } from '../genai/read';
import type { Wrapper } from '../kit/wrap';
import { generatorRun } from './generators';
import { configOf, type Run, runName, startRun, WHERE } from './run';

/** A run of a graph of LangGraph's. All ways to run one lead to `_streamIterator`. */
interface GraphRun {
  /** What carries it out, and knows the state of the graph at the end. */
  loop?: { output?: unknown };
}

const GRAPH = Symbol('respan: run of a graph');

export const graphRun: Wrapper = generatorRun((self, [input, options]) => {
  const own = asDict((self as { config?: unknown }).config) ?? {};
  const config = merged(own, configOf(options));
  const name = runName(self, config);
  const isAgent = isAgentGraph(self);
  const graph: GraphRun = {};
  const run = startRun({
    kind: isAgent ? 'agent' : 'workflow',
    name,
    config,
    input,
    attributes: graphAttributes(isAgent, name, config),
  });
  const inside = run.run(() => context.active().setValue(GRAPH, graph));
  return {
    ...run,
    run: (step) => context.with(inside, step),
    succeed: () => run.succeed(safely(WHERE, () => graph.loop?.output)),
  } satisfies Run;
});

/** `PregelLoop.initialize`: answers with what carries the run out. */
export const loopOfRun: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const graph = context.active().getValue(GRAPH) as GraphRun | undefined;
    const made = original.apply(this, args);
    if (!graph || !(made instanceof Promise)) return made;
    return followed(
      made as Promise<GraphRun['loop']>,
      (loop) => {
        graph.loop ??= loop;
      },
      () => {},
    );
  };

function graphAttributes(isAgent: boolean, name: string, config: Dict): Attributes {
  const thread = asDict(config.configurable)?.thread_id;
  return {
    [ATTR.operationName]: isAgent ? 'invoke_agent' : 'invoke_workflow',
    [isAgent ? ATTR.agentName : ATTR.workflowName]: name,
    ...(typeof thread === 'string' && thread && { [ATTR.conversationId]: thread }),
  };
}

/** What a graph was compiled with, and what this run says. */
function merged(own: Dict, given: Dict): Dict {
  return {
    ...own,
    ...given,
    runName: given.runName ?? own.runName,
    metadata: { ...asDict(own.metadata), ...asDict(given.metadata) },
    configurable: { ...asDict(own.configurable), ...asDict(given.configurable) },
  };
}

/** `createAgent` of langchain 1, `createReactAgent` of LangGraph, and graphs that are made like theirs. */
function isAgentGraph(self: unknown): boolean {
  const nodes = asDict((self as { nodes?: unknown }).nodes) ?? {};
  return 'model_request' in nodes || ('agent' in nodes && 'tools' in nodes);
}
