import { safely } from '../../config/safely';
import { type Context, context } from '../../telemetry/api';
import { type Entity, startEntity } from '../../telemetry/entity-span';
import { ATTR } from '../genai/attributes';
import { asArray, asDict, asString } from '../genai/read';
import type { Wrapper } from '../kit/wrap';
import { classNameOf, type EntityOptions, entityMethod, followNative, SCOPE, WHERE } from './entity-method';
import { messageOf, plainText, readableContent } from './messages';
import { answerOf, answerText } from './nodes';
import { type Methods, patchClassesOf } from './own-methods';
import { model } from './roles';
import { announceToolCall, traceTools } from './tools';

function agentOptions(name: string, input: () => unknown): EntityOptions {
  return {
    kind: 'agent',
    name,
    input,
    attributes: { [ATTR.operationName]: 'invoke_agent', [ATTR.agentName]: name },
  };
}

// --- agents that are chat engines: OpenAIAgent, ReActAgent and the like, up to 0.12 -------------------------

export const runner: Methods = {
  chat: entityMethod({
    begin([params], self) {
      patchClassesOf(asDict(self)?.llm, model);
      return agentOptions(classNameOf(self), () => readableContent(asDict(params)?.message));
    },
    output: answerOf,
    chunk: answerText,
  }),
  getTools: (original) =>
    function (this: unknown, ...args: unknown[]) {
      const tools = original.apply(this, args);
      return (
        safely(WHERE, () => {
          if (tools instanceof Promise) return followNative(tools, traceTools, () => {});
          traceTools(tools);
          return tools;
        }) ?? tools
      );
    },
};

// --- agents that are workflows --------------------------------------------------------------------------

/** One run of an AgentWorkflow. Where it has several agents, each turn of one of them is a span. */
export class AgentRun {
  readonly entity: Entity;
  readonly workflow: unknown;
  /** The method that began it waits for its end, and ends it. */
  readonly isAwaited: boolean;
  readonly #isTeam: boolean;
  #turn: { name: string; entity: Entity; said?: unknown } | undefined;

  constructor(entity: Entity, workflow: unknown, isAwaited: boolean) {
    this.entity = entity;
    this.workflow = workflow;
    this.isAwaited = isAwaited;
    this.#isTeam = agentsOf(workflow).length > 1;
  }

  /** Where what the agent `name` does belongs; `asked` is what it is to answer, when it takes its turn. */
  contextOf(name: string | undefined, asked?: unknown): Context | undefined {
    if (!this.#isTeam || name === undefined) return undefined;
    if (this.#turn?.name !== name) {
      this.#endTurn();
      const inside = within(this, this.entity.context);
      const options = agentOptions(name, () => asked);
      this.#turn = { name, entity: startEntity({ ...options, scope: SCOPE }, inside) };
    }
    return this.#turn.entity.context;
  }

  say(output: unknown): void {
    if (this.#turn) this.#turn.said = output;
  }

  succeed(output: unknown): void {
    this.#endTurn();
    this.entity.succeed(output);
  }

  fail(error: unknown): void {
    this.#endTurn();
    this.entity.fail(error);
  }

  /** Steps the workflow is made of are no steps of the app's. */
  isOwnStep(handler: unknown): boolean {
    return Object.values(this.workflow as object).includes(handler);
  }

  #endTurn(): void {
    this.#turn?.entity.succeed(this.#turn.said);
    this.#turn = undefined;
  }
}

const RUN = Symbol('respan: run of a LlamaIndex agent');

export const agentRunIn = (context: Context): AgentRun | undefined =>
  context.getValue(RUN) as AgentRun | undefined;

export const within = (run: AgentRun, around: Context): Context => around.setValue(RUN, run);

function agentsOf(workflow: unknown): unknown[] {
  const agents = asDict(workflow)?.agents;
  return agents instanceof Map ? [...agents.values()] : [];
}

/** A workflow of one agent is that agent. */
function runOptions(workflow: unknown, [question, params]: unknown[]): EntityOptions {
  const agents = agentsOf(workflow);
  for (const agent of agents) {
    const { llm, tools } = asDict(agent) ?? {};
    patchClassesOf(llm, model);
    patchClassesOf(agent, turns);
    traceTools(tools);
  }
  const input = () =>
    readableContent(question) ?? (asArray(asDict(params)?.chatHistory) ?? []).map(messageOf);
  const [only] = agents;
  if (agents.length === 1) return agentOptions(asString(asDict(only)?.name) ?? 'Agent', input);
  return { kind: 'workflow', name: classNameOf(workflow), input };
}

/** What the workflow ended with, without its state. */
export function resultOf(event: unknown): unknown {
  const data = asDict(event)?.data;
  const { result, message } = asDict(data) ?? {};
  return result ?? plainText(asDict(message)?.content);
}

/** An agent's turn is one call of its model; it goes on while it calls tools. */
const turns: Methods = {
  takeStep: (original) =>
    function (this: unknown, ...args: unknown[]) {
      const name = asString(asDict(this)?.name);
      const inside = safely(WHERE, () => agentRunIn(context.active())?.contextOf(name, askedIn(args)));
      const step = () => original.apply(this, args);
      if (!inside) return step();
      const run = agentRunIn(inside);
      const taken = context.with(inside, step);
      if (!(taken instanceof Promise)) return taken;
      const onOutput = (output: unknown) => run?.say(saidIn(output));
      return followNative(taken, onOutput, () => {});
    },
};

/** What was said last before it is the agent's turn. */
function askedIn(args: unknown[]): unknown {
  const messages = args.find((argument) => Array.isArray(argument)) as unknown[] | undefined;
  return plainText(asDict(messages?.at(-1))?.content);
}

function saidIn(output: unknown): unknown {
  const { response } = asDict(asDict(output)?.data) ?? asDict(output) ?? {};
  return plainText(asDict(response)?.content) || undefined;
}

/** `run`, where it waits for the end of what `runStream` begins; and `runStream` where the app calls it. */
function startRun(isAwaited: boolean): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const active = context.active();
      if (agentRunIn(active)?.workflow === this) return original.apply(this, args);
      const run = safely(WHERE, () => {
        const entity = startEntity({ ...runOptions(this, args), scope: SCOPE }, active);
        return new AgentRun(entity, this, isAwaited);
      });
      if (!run) return original.apply(this, args);
      let result: unknown;
      try {
        result = context.with(within(run, run.entity.context), () => original.apply(this, args));
      } catch (error) {
        safely(WHERE, () => run.fail(error));
        throw error;
      }
      if (!isAwaited || !(result instanceof Promise)) return result;
      const onError = (error: unknown) => run.fail(error);
      return followNative(result, (event) => run.succeed(resultOf(event)), onError);
    };
}

const AS_AGENT = Symbol('respan: a workflow that is an agent');

/** What the workflow that begins in `context` really is: before 0.11, an AgentWorkflow's `run` was that of a workflow. */
export const agentBegunIn = (context: Context): { workflow: unknown; options: EntityOptions } | undefined =>
  context.getValue(AS_AGENT) as ReturnType<typeof agentBegunIn>;

const runAsWorkflow: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const inside = safely(WHERE, () => {
      const begun = { workflow: this, options: runOptions(this, args) };
      return context.active().setValue(AS_AGENT, begun);
    });
    const run = () => original.apply(this, args);
    return inside ? context.with(inside, run) : run();
  };

const run: Wrapper = (original) => {
  const [awaited, asWorkflow] = [startRun(true)(original), runAsWorkflow(original)];
  return function (this: unknown, ...args: unknown[]) {
    const hasStream = typeof (this as { runStream?: unknown }).runStream === 'function';
    return (hasStream ? awaited : asWorkflow).apply(this, args);
  };
};

export const agentWorkflow: Methods = {
  run,
  runStream: startRun(false),
  callTool: (original) =>
    function (this: unknown, ...args: unknown[]) {
      const inside = safely(WHERE, () => {
        const given = asDict(args[0]);
        const call = asDict(given?.data) ?? given;
        announceToolCall(call);
        return agentRunIn(context.active())?.contextOf(asString(call?.agentName));
      });
      const call = () => original.apply(this, args);
      return inside ? context.with(inside, call) : call();
    },
};
