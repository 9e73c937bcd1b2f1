import { context } from '../../telemetry/api';
import { type Entity, startEntity } from '../../telemetry/entity-span';
import { toBoundedJson } from '../../telemetry/to-json';
import { ATTR } from '../genai/attributes';
import { asDict, asString, type Dict } from '../genai/read';
import { requestAttributes } from '../genai/to-attributes';
import type { Operation } from '../genai/types';
import { startModelCall } from '../kit/model-call';
import { tracesContent } from '../kit/step';
import { errorFrom, modelFactsOf, outcomeOf, type Role, roleOf, saidBy, saidTo } from './span-data';
import { contextIn, type EndFacts, inStep, stepOf, type Tracked, trackedBy } from './tracked';

const INSTRUMENT = 'openai_agents';
const SCOPE = `respan.${INSTRUMENT}`;

/** A trace of the framework: the workflow that its agents are part of. */
export function startTrace(trace: Dict): Tracked {
  const around = context.active();
  const groupId = asString(trace.groupId);
  const entity = startEntity(
    {
      kind: 'workflow',
      name: asString(trace.name) ?? 'Agent workflow',
      scope: SCOPE,
      attributes: groupId ? { [ATTR.conversationId]: groupId } : {},
      associationProperties: asDict(trace.metadata),
    },
    around,
  );
  return trackedEntity(entity, stepOf(around), 'workflow', () => ({ attributes: {} }));
}

export function startSpan(span: Dict): Tracked {
  const parent = trackedBy(span.parentId) ?? trackedBy(span.traceId);
  const data = asDict(span.spanData) ?? {};
  const role = roleOf(data);
  if (role.as === 'entity') return startStep(role, parent);
  if (role.as === 'model') return startModel(role.operation, data, parent);
  const step = bare(parent);
  step.context = inStep(contextIn(parent), step);
  return step;
}

function bare(parent: Tracked | undefined): Tracked {
  return {
    parent,
    context: context.active(),
    isOver: false,
    hasConversation: false,
    isTool: false,
    conversation: {},
    end() {},
  };
}

function startStep(role: Extract<Role, { as: 'entity' }>, parent: Tracked | undefined): Tracked {
  const { kind, name, spanName, attributes } = role;
  const entity = startEntity({ kind, name, spanName, scope: SCOPE, attributes }, contextIn(parent));
  return trackedEntity(entity, parent, kind, (data) => outcomeOf(data));
}

function trackedEntity(
  entity: Entity,
  parent: Tracked | undefined,
  kind: string,
  outcome: (data: Dict) => ReturnType<typeof outcomeOf>,
): Tracked {
  const step: Tracked = {
    ...bare(parent),
    hasConversation: kind === 'agent' || kind === 'workflow',
    isTool: kind === 'tool',
    end({ data, error }: EndFacts) {
      const { input, output, attributes } = outcome(asDict(data) ?? {});
      entity.span.setAttributes(attributes);
      const said = input ?? step.conversation.input;
      if (entity.content && said !== undefined)
        entity.span.setAttribute('traceloop.entity.input', toBoundedJson(said));
      const result = output ?? step.conversation.output;
      const failure = errorFrom(error) ?? step.conversation.failure;
      // A trace knows of no errors: it has failed with its last agent.
      if (kind === 'agent') for (const one of conversationsAround(parent)) one.failure = failure;
      if (failure) entity.fail(failure, result);
      else entity.succeed(result);
    },
  };
  step.context = inStep(entity.context, step);
  return step;
}

function startModel(operation: Operation, data: Dict, parent: Tracked | undefined): Tracked {
  const around = contextIn(parent);
  const request = { operation, ...(data.type === 'response' && { provider: 'openai' }) };
  const call = context.with(around, () =>
    startModelCall({
      instrument: INSTRUMENT,
      name: `${INSTRUMENT}.${operation}`,
      request,
      isFramework: true,
    }),
  );
  const step: Tracked = {
    ...bare(parent),
    end({ data: known, error }) {
      const facts = modelFactsOf(asDict(known) ?? {}, operation);
      const extra = { ...facts.response.extra, ...requestAttributes(facts.request, tracesContent()) };
      const response = { ...facts.response, extra };
      tellConversation(parent, saidTo(asDict(known) ?? {}), saidBy(facts.response));
      const failure = errorFrom(error);
      if (failure) call.fail(failure, response);
      else call.succeed(response);
    },
  };
  step.context = inStep(
    context.with(around, () => call.run(() => context.active())),
    step,
  );
  return step;
}

/** What a model is asked and says is what its agent is asked and says, and the workflow of that. */
function tellConversation(step: Tracked | undefined, input: unknown, output: unknown): void {
  for (const conversation of conversationsAround(step)) {
    conversation.input ??= input;
    if (output !== undefined) conversation.output = output;
  }
}

/** An agent that is another one's tool has a conversation of its own. */
function conversationsAround(step: Tracked | undefined): Tracked['conversation'][] {
  const around: Tracked['conversation'][] = [];
  for (let one = step; one && !one.isTool; one = one.parent) {
    if (one.hasConversation) around.push(one.conversation);
  }
  return around;
}
