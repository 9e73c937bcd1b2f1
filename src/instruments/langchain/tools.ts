import { toBoundedJson } from '../../telemetry/to-json';
import { ATTR } from '../genai/attributes';
import { asDict, asString } from '../genai/read';
import { stepMethod, tracesContent } from '../kit/step';
import type { Wrapper } from '../kit/wrap';
import { readable } from './readable';
import { configOf, type Run, startRun, WHERE } from './run';

/** `call` of a tool, which all ways to run one lead to. */
export const toolRun: Wrapper = stepMethod<Run>({
  where: WHERE,
  begin([given, options], self) {
    const tool = asDict(self) ?? {};
    const config = configOf(options);
    const asked = asDict(given);
    const call = asked?.type === 'tool_call' ? asked : undefined;
    const id = asString(call?.id) ?? asString(asDict(config.toolCall)?.id);
    const description = asString(tool.description);
    const input = call ? call.args : given;
    return startRun({
      kind: 'tool',
      name: asString(tool.name) ?? 'tool',
      config,
      input,
      attributes: {
        [ATTR.operationName]: 'execute_tool',
        [ATTR.toolName]: asString(tool.name) ?? 'tool',
        [ATTR.toolType]: 'function',
        ...(id && { [ATTR.toolCallId]: id }),
        ...(tracesContent() && { [ATTR.toolCallArguments]: toBoundedJson(input) }),
        ...(tracesContent() && description && { 'gen_ai.tool.description': description }),
      },
    });
  },
  onAnswer(run, output) {
    if (run.entity?.content)
      run.entity.span.setAttribute(ATTR.toolCallResult, toBoundedJson(resultOf(output)));
    run.succeed(output);
  },
});

/** Of the message that goes back to the model, what it says. */
function resultOf(output: unknown): unknown {
  const message = asDict(output);
  return readable(message && 'tool_call_id' in message ? message.content : output);
}
