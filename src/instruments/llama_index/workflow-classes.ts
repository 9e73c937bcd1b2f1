import { safely } from '../../config/safely';
import { type Context, context } from '../../telemetry/api';
import { type Entity, startEntity } from '../../telemetry/entity-span';
import { followIterator } from '../../telemetry/follow';
import { asDict } from '../genai/read';
import type { Wrapper } from '../kit/wrap';
import { AgentRun, agentBegunIn, resultOf, within } from './agents';
import { classNameOf, entityMethod, SCOPE, WHERE, workflowOrTask } from './entity-method';
import type { Methods } from './own-methods';

/**
 * Workflows that are classes, up to 0.11: `run` answers with a context that begins to work when somebody awaits it, or
 * asks it for its events.
 */
interface Run {
  around: Context;
  begin(): { inside: Context; succeed(output: unknown): void; fail(error: unknown): void };
}

const runs = new WeakMap<object, Run>();

function newRun(workflow: unknown, input: unknown): Run {
  const around = context.active();
  const begun = agentBegunIn(around);
  const options = begun?.options ?? {
    kind: workflowOrTask(),
    name: classNameOf(workflow),
    input: () => input,
  };
  let run: ReturnType<Run['begin']> | undefined;
  return {
    around,
    begin() {
      run ??= started(startEntity({ ...options, scope: SCOPE }, around), begun?.workflow);
      return run;
    },
  };
}

function started(entity: Entity, agentWorkflow: unknown): ReturnType<Run['begin']> {
  if (!agentWorkflow) return { inside: entity.context, succeed: entity.succeed, fail: entity.fail };
  const agent = new AgentRun(entity, agentWorkflow, true);
  return {
    inside: within(agent, entity.context),
    succeed: (output) => agent.succeed(output),
    fail: (error) => agent.fail(error),
  };
}

/** The stand-ins for an app's steps, so that it finds them by its own functions. */
const standIns = new WeakMap<object, Map<unknown, unknown>>();

const byStandIn: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const [step, ...rest] = args;
    return original.apply(this, [standIns.get(this as object)?.get(step) ?? step, ...rest]);
  };

export const workflow: Methods = {
  run: (original) =>
    function (this: unknown, ...args: unknown[]) {
      const result = original.apply(this, args);
      safely(WHERE, () => {
        const [given] = args;
        const input = asDict(given)?.data ?? given;
        if (typeof result === 'object' && result !== null) runs.set(result, newRun(this, input));
      });
      return result;
    },
  addStep: (original) =>
    function (this: unknown, ...args: unknown[]) {
      const step = args[1];
      // The steps of an agent are its own.
      if (typeof step !== 'function' || isAgentsStep) return original.apply(this, args);
      const replaced = safely(WHERE, () => tracedStep(this as object, step as never, args[0]));
      return original.apply(this, replaced ? [args[0], replaced, ...args.slice(2)] : args);
    },
  hasStep: byStandIn,
  removeStep: byStandIn,
};

function tracedStep(owner: object, step: (...args: unknown[]) => unknown, parameters: unknown): unknown {
  const known = standIns.get(owner) ?? new Map<unknown, unknown>();
  standIns.set(owner, known);
  const traced = entityMethod({
    begin: ([, ...events]) => ({
      kind: 'task',
      name: step.name || labelOf(parameters) || 'step',
      input: () => dataOf(events),
    }),
    output: (event) => dataOf([event]),
  })(step);
  Object.defineProperties(traced, Object.getOwnPropertyDescriptors(step));
  known.set(step, traced);
  return traced;
}

function labelOf(parameters: unknown): string {
  const inputs = asDict(parameters)?.inputs;
  return Array.isArray(inputs) ? inputs.map((type) => (type as { name?: string }).name).join('+') : '';
}

function dataOf(events: unknown[]): unknown {
  const data = events.map((event) => asDict(event)?.data).filter((one) => one !== undefined);
  return data.length > 1 ? data : data[0];
}

let isAgentsStep = false;

/** For AgentWorkflow, which adds the steps it consists of each time it runs. */
export const ownSteps: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    isAgentsStep = true;
    try {
      return original.apply(this, args);
    } finally {
      isAgentsStep = false;
    }
  };

type Settle = ((value: unknown) => unknown) | null | undefined;

const watched = new WeakSet<object>();

/** Of the context that `run` answers with. */
export const workflowContext: Methods = {
  // biome-ignore lint/suspicious/noThenProperty: it is the library's that is patched.
  then: (original) =>
    function (this: unknown, ...args: unknown[]) {
      const run = safely(WHERE, () => runs.get(this as object)?.begin());
      if (!run) return original.apply(this, args);
      const outside = context.active();
      const [onFulfilled, onRejected, ...rest] = args as [Settle, Settle, ...unknown[]];
      const whenFulfilled = (event: unknown) => {
        safely(WHERE, () => run.succeed(outputOf(event)));
        return onFulfilled ? context.with(outside, () => onFulfilled(event)) : event;
      };
      const whenRejected = (error: unknown) => {
        safely(WHERE, () => run.fail(error));
        if (onRejected) return context.with(outside, () => onRejected(error));
        throw error;
      };
      return context.with(run.inside, () => original.apply(this, [whenFulfilled, whenRejected, ...rest]));
    },
  [Symbol.asyncIterator]: (original) =>
    function (this: unknown, ...args: unknown[]) {
      const run = safely(WHERE, () => runs.get(this as object)?.begin());
      if (!run) return original.apply(this, args);
      const inside = <T>(step: () => T): T => context.with(run.inside, step);
      const iterator = inside(() => original.apply(this, args)) as AsyncIterator<unknown>;
      safely(WHERE, () => {
        // There is one for all who ask.
        if (watched.has(iterator)) return;
        watched.add(iterator);
        const observer = {
          onItem: (event: unknown) => {
            if (isStop(event)) run.succeed(outputOf(event));
          },
          onDone: () => run.succeed(undefined),
          onError: run.fail,
        };
        followIterator(iterator, observer, inside);
      });
      return iterator;
    },
};

function isStop(event: unknown): boolean {
  for (
    let type = asDict(event)?.constructor;
    typeof type === 'function';
    type = Object.getPrototypeOf(type)
  ) {
    if (type.name === 'StopEvent') return true;
  }
  return false;
}

const outputOf = (event: unknown): unknown => resultOf(event) ?? dataOf([event]);

/** The older workflows of @llamaindex/core, whose `run` answers with a promise. */
export const promisedWorkflow: Methods = {
  run: entityMethod({
    begin: ([given], self) => ({
      kind: workflowOrTask(),
      name: classNameOf(self),
      input: () => asDict(given)?.data ?? given,
    }),
    output: outputOf,
  }),
};
