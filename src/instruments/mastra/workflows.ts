import { safely } from '../../config/safely';
import { context } from '../../telemetry/api';
import { type Entity, startEntity } from '../../telemetry/entity-span';
import { followed } from '../../telemetry/follow';
import { asDict, asNumber, asString, type Dict } from '../genai/read';
import type { Wrapper } from '../kit/wrap';

const SCOPE = 'respan.mastra';
const WHERE = 'the mastra instrument';

/** Mastra runs its agents as workflows of its own, which say so: they are no workflows of the app's. */
const INTERNAL_WORKFLOW = 1;
const isInternal = (policy: unknown): boolean =>
  ((asNumber(asDict(policy)?.internal) ?? 0) & INTERNAL_WORKFLOW) !== 0;

/** `_start` and `_resume` of a run, which all its ways to start and to go on end in. */
export const tracedWorkflow: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const { workflowId, tracingPolicy, executionEngine, runId } = (this ?? {}) as Dict;
    const { inputData, resumeData } = asDict(args[0]) ?? {};
    if (isInternal(tracingPolicy) || isInternal(optionsOf(executionEngine)?.tracingPolicy)) {
      return original.apply(this, args);
    }
    return run(
      () =>
        startEntity(
          {
            kind: 'workflow',
            name: asString(workflowId) ?? 'workflow',
            scope: SCOPE,
            input: () => resumeData ?? inputData,
            attributes: { ...(typeof runId === 'string' && { 'mastra.run.id': runId }) },
          },
          context.active(),
        ),
      () => original.apply(this, args),
    );
  };

/** `executeStep` of the engine that runs a workflow. */
export const tracedStep: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const { step, prevOutput, resume } = asDict(args[0]) ?? {};
    const id = asString(asDict(step)?.id);
    if (id === undefined || isInternal(optionsOf(this)?.tracingPolicy)) return original.apply(this, args);
    const { resumePayload } = asDict(resume) ?? {};
    return run(
      () =>
        startEntity(
          { kind: 'task', name: id, scope: SCOPE, input: () => resumePayload ?? prevOutput },
          context.active(),
        ),
      () => original.apply(this, args),
    );
  };

const optionsOf = (engine: unknown): Dict | undefined => asDict(asDict(engine)?.options);

function run(start: () => Entity, call: () => unknown): unknown {
  const entity = safely(WHERE, start);
  if (!entity) return call();
  let result: unknown;
  try {
    result = entity.run(call);
  } catch (error) {
    safely(WHERE, () => entity.fail(error));
    throw error;
  }
  const onAnswer = (answer: unknown): void => end(entity, asDict(answer) ?? {});
  if (result instanceof Promise) return followed(result, onAnswer, (error) => entity.fail(error));
  safely(WHERE, () => onAnswer(result));
  return result;
}

/** Runs and steps do not throw: they answer with what became of them. */
function end(entity: Entity, answer: Dict): void {
  const inner = asDict(answer.result);
  const { status, output, result, error, suspendPayload, suspended } =
    answer.status === undefined && inner?.status !== undefined ? inner : answer;
  if (status === 'failed') entity.fail(failureOf(error));
  else if (status === 'suspended') entity.succeed({ suspended: suspendPayload ?? suspended ?? true });
  else entity.succeed(output ?? result);
}

/** Before 1.0 a text, with the stack behind the message. */
function failureOf(error: unknown): unknown {
  if (typeof error !== 'string') return error ?? { name: 'Error', message: 'failed' };
  const [first = ''] = error.split('\n');
  const [, name = 'Error', message = first] = /^(\w*Error): (.*)$/.exec(first) ?? [];
  return { name, message };
}
