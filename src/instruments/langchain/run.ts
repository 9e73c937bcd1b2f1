import { safely } from '../../config/safely';
import { type Attributes, type Context, context } from '../../telemetry/api';
import { type Entity, type EntityKind, startEntity } from '../../telemetry/entity-span';
import { inheritedBy } from '../../telemetry/inherited';
import { toBoundedJson } from '../../telemetry/to-json';
import { asArray, asDict, asString, type Dict } from '../genai/read';
import { withoutBatch } from './batch-context';
import { readable } from './readable';

export const INSTRUMENT = 'langchain';
export const WHERE = `the ${INSTRUMENT} instrument`;

/** One run of a chain, graph, tool or retriever, as LangChain's callbacks would tell of it. */
export interface Run {
  /** What is LangGraph's own has none. */
  readonly entity?: Entity;
  run<T>(step: () => T): T;
  succeed(output?: unknown): void;
  fail(error: unknown): void;
  /** For input that comes bit by bit. */
  putInput(input: unknown): void;
}

export interface RunOptions {
  kind: EntityKind;
  name: string;
  config: Dict;
  input?: unknown;
  spanName?: string;
  attributes?: Attributes;
}

/** The `runName` of the run around: without callbacks, LangChain hands it down to what runs inside. */
const RUN_NAME = Symbol('respan: name of the LangChain run');
const BOUND_NAME = Symbol('respan: name a binding has for what it runs');
const HIDDEN_RUN = Symbol('respan: inside a hidden LangChain run');
/** LangGraph's own machinery: channels, branches, the entry. */
const HIDDEN_TAG = 'langsmith:hidden';

export function startRun({ config, name, input, ...options }: RunOptions): Run {
  const around = withoutBatch(context.active());
  const entity = startEntity(
    {
      ...options,
      name,
      scope: `respan.${INSTRUMENT}`,
      input: () => safely('the input of a run', () => readable(input)),
      associationProperties: metadataOf(config),
    },
    around.deleteValue(HIDDEN_RUN).deleteValue(BOUND_NAME).setValue(RUN_NAME, config.runName),
  );
  return {
    entity,
    run: entity.run,
    succeed: (output) => entity.succeed(entity.content ? readable(output) : undefined),
    putInput(late) {
      if (!entity.content || late === undefined || !entity.span.isRecording()) return;
      entity.span.setAttribute('traceloop.entity.input', toBoundedJson(readable(late)));
    },
    fail(error) {
      const pause = pauseOf(error);
      if (pause) entity.succeed(entity.content ? readable(pause) : undefined);
      else entity.fail(error);
    },
  };
}

/** The name of a run: the config's, unless that is the one of the run around. */
export function runName(self: unknown, config: Dict): string {
  const active = context.active();
  const given = asString(config.runName);
  if (given && given !== active.getValue(RUN_NAME)) return given;
  return asString(active.getValue(BOUND_NAME)) ?? ownName(self as Named);
}

interface Named {
  name?: unknown;
  getName?: () => unknown;
  /** Of a RunnableLambda: the app's own function. */
  func?: { name?: unknown };
}

function ownName(self: Named): string {
  const name = (typeof self.getName === 'function' && asString(self.getName())) || className(self);
  const isLambda = name === 'RunnableLambda' && !self.name;
  return (isLambda && asString(self.func?.name)) || name;
}

const className = (self: object): string => self.constructor?.name ?? 'Runnable';

/** For what a binding runs: the name it has for it, which LangChain would have replaced by the one of the run around. */
export function withBoundName(active: Context, binding: unknown, options: unknown): Context {
  const name = asString(asDict((binding as { config?: unknown }).config)?.runName);
  const isInherited = configOf(options).runName === active.getValue(RUN_NAME);
  return name && isInherited ? active.setValue(BOUND_NAME, name) : active;
}

/** Apps may also give their handlers in place of a config. */
export function configOf(options: unknown): Dict {
  const config = asDict(options) ?? {};
  return 'handlers' in config ? {} : config;
}

/** A run of a chain: what nothing is around is a workflow, what is inside of something a task. */
export function startChain(self: unknown, input: unknown, options: unknown): Run {
  const config = configOf(options);
  if (isHidden(self, config)) return hiddenRun();
  const name = runName(self, config);
  const isPart = config.runType === 'prompt' || config.runType === 'parser' || !isOutermost();
  return startRun({
    kind: isPart ? 'task' : 'workflow',
    name,
    config,
    input,
    attributes: nodeAttributes(name, config),
  });
}

function isOutermost(): boolean {
  const around = inheritedBy(context.active());
  return around['traceloop.workflow.name'] === undefined && around['traceloop.entity.path'] === undefined;
}

function nodeAttributes(name: string, { metadata }: Dict): Attributes {
  const { langgraph_node: node, langgraph_step: step } = asDict(metadata) ?? {};
  if (node !== name || typeof node !== 'string') return {};
  return { 'langgraph.node': node, ...(typeof step === 'number' && { 'langgraph.step': step }) };
}

/** The tag goes down to what the app calls in such a run, which is not hidden for that. */
function isHidden(self: unknown, { tags }: Dict): boolean {
  if (!asArray(tags)?.includes(HIDDEN_TAG)) return false;
  return context.active().getValue(HIDDEN_RUN) !== true || isLangGraph(self);
}

const isLangGraph = (self: unknown): boolean =>
  asArray((self as { lc_namespace?: unknown } | undefined)?.lc_namespace)?.[0] === 'langgraph';

function hiddenRun(): Run {
  const inside = withoutBatch(context.active()).setValue(HIDDEN_RUN, true);
  return { run: (step) => context.with(inside, step), succeed() {}, fail() {}, putInput() {} };
}

/** Of LangChain's and LangGraph's own, or what nobody wants to see outside. */
const NOT_THE_APPS =
  /^(ls_|lc_|langgraph_|__|checkpoint|thread_id$|run_id$|assistant_id$|graph_id$|timeoutMs$)/;
const SECRET = /key|token|secret|password|credential/i;

/** What the app says about a run is about all that happens in it. */
function metadataOf({ metadata }: Dict): Dict | undefined {
  const given = Object.entries(asDict(metadata) ?? {}).filter(
    ([name, value]) =>
      !NOT_THE_APPS.test(name) &&
      !SECRET.test(name) &&
      (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'),
  );
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

/** LangGraph pauses and redirects runs by throwing: nothing went wrong. */
export function pauseOf(error: unknown): Dict | undefined {
  const thrown = error as { is_bubble_up?: unknown; interrupts?: unknown; command?: unknown } | undefined;
  if (!(error instanceof Error) || thrown?.is_bubble_up !== true) return undefined;
  if (thrown.command !== undefined) return { command: thrown.command };
  return { interrupts: thrown.interrupts };
}
