import { safely } from '../../config/safely';
import { ATTR } from '../genai/attributes';
import { asDict, asDicts, asString, type Dict } from '../genai/read';
import { patch, type Wrapper } from '../kit/wrap';
import { entityMethod, WHERE } from './entity-method';

/**
 * Tools are known by the models and agents they are given to: FunctionTool has no method that could be patched, and an
 * app may write tools of its own. What is replaced is `call` of the very tool.
 */
export function traceTools(tools: unknown): void {
  if (!Array.isArray(tools)) return;
  for (const tool of asDicts(tools)) {
    if (typeof tool.call === 'function' && !Object.isFrozen(tool))
      safely(WHERE, () => patch((wrap) => void wrap(tool, 'call', toolCall(tool))));
  }
}

function toolCall(tool: Dict): Wrapper {
  return entityMethod({
    begin([input]) {
      const name = asString(asDict(tool.metadata)?.name) ?? 'tool';
      const id = announced?.name === name ? announced.id : undefined;
      announced = undefined;
      return {
        kind: 'tool',
        name,
        input: () => input,
        attributes: {
          [ATTR.operationName]: 'execute_tool',
          [ATTR.toolName]: name,
          [ATTR.toolType]: 'function',
          ...(id !== undefined && { [ATTR.toolCallId]: id }),
        },
      };
    },
    output: (answer) => answer,
  });
}

/** The model's call that the next tool of that name answers: LlamaIndex tells of it right before it calls the tool. */
let announced: { name: string; id: string } | undefined;

export function announceToolCall(call: unknown): void {
  const { name, toolName, id, toolId } = asDict(call) ?? {};
  const called = asString(name) ?? asString(toolName);
  const known = asString(id) ?? asString(toolId);
  announced = called !== undefined && known !== undefined ? { name: called, id: known } : undefined;
}

/** For the event bus, through which an app hears the same as ever. */
export const heardToolCalls: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    if (args[0] === 'llm-tool-call') safely(WHERE, () => announceToolCall(asDict(args[1])?.toolCall));
    return original.apply(this, args);
  };
