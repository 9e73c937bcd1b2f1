import { safely } from '../../../config/safely';
import { type Context, context } from '../../../telemetry/api';
import { type Entity, startEntity } from '../../../telemetry/entity-span';
import { followIterator } from '../../../telemetry/follow';
import { followPromise } from '../../../telemetry/follow-result';
import { toBoundedJson } from '../../../telemetry/to-json';
import { ATTR } from '../../genai/attributes';
import { asDict, asString } from '../../genai/read';
import { patch } from '../../kit/wrap';
import { contextOf, type Frame, liveFrame, openFrame } from './frames';
import { holderOf } from './trace-model';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const seen = new WeakSet<object>();

/** Tools are objects of the app's: `execute` of each is patched where it is, and does nothing new outside a traced call. */
export function traceTools(tools: unknown): void {
  for (const tool of Object.values(asDict(tools) ?? {})) {
    if (typeof tool !== 'object' || tool === null || seen.has(tool)) continue;
    seen.add(tool);
    const holder = holderOf(tool, 'execute');
    if (holder) safely('a tool', () => patch((wrap) => wrap(holder, 'execute', tracedTool(tool))));
  }
}

const tracedTool =
  (tool: object) =>
  (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]) {
      const around = context.active();
      const live = liveFrame(around);
      // Tools run while the stream that asked for them goes on: they are the call's, not the model's.
      const frame = live?.kind === 'model' ? live.parent : live;
      if (!frame) return original.apply(this, args);
      const parent = contextOf(frame, around);
      if (frame.call.isOff) return context.with(parent, () => original.apply(this, args));
      const entity = safely('a tool', () => startTool(frame, parent, this ?? tool, args));
      if (!entity) return original.apply(this, args);
      return follow(entity, frame, original, () => original.apply(this, args));
    };

function startTool({ call }: Frame, parent: Context, tool: unknown, [input, options]: unknown[]): Entity {
  const id = asString(asDict(options)?.toolCallId);
  const name = (id && call.toolNames.get(id)) ?? nameIn(call.tools, tool) ?? 'tool';
  const entity = startEntity(
    {
      kind: 'tool',
      name,
      scope: `respan.${call.instrument}`,
      input: () => (call.inputs ? input : undefined),
      attributes: {
        [ATTR.operationName]: 'execute_tool',
        [ATTR.toolName]: name,
        [ATTR.toolType]: 'function',
        ...(id && { [ATTR.toolCallId]: id }),
      },
    },
    parent,
  );
  if (entity.content && call.inputs) entity.span.setAttribute(ATTR.toolCallArguments, toBoundedJson(input));
  return entity;
}

const nameIn = (tools: Readonly<Record<string, unknown>>, tool: unknown): string | undefined =>
  Object.keys(tools).find((name) => tools[name] === tool);

function follow(entity: Entity, around: Frame, original: AnyFunction, run: () => unknown): unknown {
  const { outputs } = around.call;
  const frame = openFrame('tool', around.call, entity.context, around);
  const succeed = (result: unknown): void => {
    frame.isOver = true;
    if (entity.content && outputs && result !== undefined)
      entity.span.setAttribute(ATTR.toolCallResult, toBoundedJson(result));
    entity.succeed(outputs ? result : undefined);
  };
  const fail = (error: unknown): void => {
    frame.isOver = true;
    entity.fail(error);
  };
  let result: unknown;
  try {
    result = context.with(frame.context, run);
  } catch (error) {
    safely('a tool', () => fail(error));
    throw error;
  }
  return safely('a tool', () => followResult(result)) ?? result;

  function followResult(answer: unknown): unknown {
    const { then, next } = (answer ?? {}) as { then?: unknown; next?: unknown };
    if (typeof then === 'function') return followPromise(answer as Promise<unknown>, original, succeed, fail);
    // A generator's values are results so far, the last one the result.
    if (typeof next !== 'function') {
      succeed(answer);
      return answer;
    }
    let last: unknown;
    entity.settleWith(answer as object);
    return followIterator(
      answer as AsyncIterator<unknown>,
      {
        onItem: (value) => {
          last = value;
        },
        onDone: () => succeed(last),
        onError: fail,
      },
      (step) => context.with(frame.context, step),
    );
  }
}
