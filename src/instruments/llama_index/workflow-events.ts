import { safely } from '../../config/safely';
import { type Context, context } from '../../telemetry/api';
import { type Entity, startEntity } from '../../telemetry/entity-span';
import { followPromise } from '../../telemetry/follow-result';
import { asArray, asDict, asString } from '../genai/read';
import type { Wrapper } from '../kit/wrap';
import { type AgentRun, agentRunIn, resultOf } from './agents';
import { SCOPE, WHERE, workflowOrTask } from './entity-method';

/**
 * Workflows of workflow-core, which are functions and closures through and through. What they all pass is the variable
 * that the handler in progress is kept in: `run` of its class sees each handler with its events before it runs, and the
 * promise of its end after that.
 */
interface HandlerInProgress {
  handler: unknown;
  /** Kinds of events, and the events. */
  inputEvents: unknown;
  inputs: unknown;
  outputs: unknown;
  pending: unknown;
  /** One of a workflow's run. */
  root: object;
}

function isHandler(value: unknown): value is HandlerInProgress {
  const { handler, inputs, inputEvents, root } = asDict(value) ?? {};
  return (
    typeof handler === 'function' &&
    Array.isArray(inputs) &&
    Array.isArray(inputEvents) &&
    typeof root === 'object' &&
    root !== null
  );
}

/** A run goes on while handlers of it do. Events that come after that, from outside, begin another one. */
interface WorkflowRun {
  inside: Context;
  agent: AgentRun | undefined;
  running: number;
  end(output: unknown): void;
  fail(error: unknown): void;
}

const runs = new WeakMap<object, WorkflowRun>();

function runOf(handler: HandlerInProgress): WorkflowRun {
  const known = runs.get(handler.root);
  if (known && known.running > 0) return known;
  const active = context.active();
  const agent = agentRunIn(active);
  const run = agent ? runOfAgent(agent, active) : newRun(handler, active);
  runs.set(handler.root, run);
  return run;
}

function runOfAgent(agent: AgentRun, inside: Context): WorkflowRun {
  return {
    inside,
    agent,
    running: 0,
    end: (output) => {
      if (!agent.isAwaited) agent.succeed(output);
    },
    fail: (error) => agent.fail(error),
  };
}

function newRun({ inputs }: HandlerInProgress, active: Context): WorkflowRun {
  const entity = startEntity(
    { kind: workflowOrTask(), name: 'Workflow', scope: SCOPE, input: () => dataOf(inputs) },
    active,
  );
  return { inside: entity.context, agent: undefined, running: 0, end: entity.succeed, fail: entity.fail };
}

/** For `run` of the class of such variables; other variables pass. */
export const handlerVariable: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const [value] = args;
    const step = isHandler(value) ? safely(WHERE, () => begin(value)) : undefined;
    if (!step) return original.apply(this, args);
    let result: unknown;
    try {
      result = context.with(step.inside, () => original.apply(this, args));
    } catch (error) {
      safely(WHERE, () => step.fail(error));
      throw error;
    }
    safely(WHERE, () => {
      const { pending } = value as HandlerInProgress;
      if (pending instanceof Promise) followPromise(pending, original, step.succeed, step.fail);
      else step.succeed();
    });
    return result;
  };

interface Step {
  inside: Context;
  succeed(): void;
  fail(error: unknown): void;
}

function begin(handler: HandlerInProgress): Step {
  const run = runOf(handler);
  const isInternal = run.agent?.isOwnStep(handler.handler) === true;
  const entity = isInternal ? undefined : startStep(handler, run);
  run.running += 1;
  return {
    inside: entity?.context ?? run.inside,
    succeed() {
      const output = lastOf(handler.outputs);
      entity?.succeed(dataOf(handler.outputs));
      run.running -= 1;
      if (run.running === 0) run.end(run.agent ? resultOf(output) : dataOf([output]));
    },
    fail(error) {
      entity?.fail(error);
      run.running -= 1;
      run.fail(error);
    },
  };
}

const startStep = (handler: HandlerInProgress, run: WorkflowRun): Entity =>
  startEntity(
    { kind: 'task', name: nameOf(handler), scope: SCOPE, input: () => dataOf(handler.inputs) },
    run.inside,
  );

/** The handler's name, if it has one; else the labels of what it handles, which are numbers where an app gives none. */
function nameOf({ handler, inputEvents }: HandlerInProgress): string {
  const { name } = handler as { name: string };
  const labels = (asArray(inputEvents) ?? []).flatMap((event) => {
    const label = asString((event as { debugLabel?: unknown } | null)?.debugLabel);
    return label && !/^\d+$/.test(label) ? [label] : [];
  });
  return name || labels.join('+') || 'step';
}

const lastOf = (list: unknown): unknown => asArray(list)?.at(-1);

/** What events carry. */
function dataOf(events: unknown): unknown {
  const data = (asArray(events) ?? []).map((event) => asDict(event)?.data).filter((one) => one !== undefined);
  return data.length > 1 ? data : data[0];
}
