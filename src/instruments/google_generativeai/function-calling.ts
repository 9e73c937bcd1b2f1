import { safely } from '../../config/safely';
import type { Attributes } from '../../telemetry/api';
import { followed, followIterator, type IterationObserver } from '../../telemetry/follow';
import { toJson } from '../../telemetry/to-json';
import { ATTR } from '../genai/attributes';
import { asArray, asDict, asDicts, asString, type Dict } from '../genai/read';
import type { ModelResponse } from '../genai/types';
import { type Step, startStep, stepMethod, tracesContent } from '../kit/step';
import { patch, type Wrapper } from '../kit/wrap';
import { contentMessages, withoutBytes } from '../shapes/gemini/content';
import { modelName } from '../shapes/gemini/fields';
import { generateContent } from '../shapes/gemini/operations';
import { GenerateAccumulator } from '../shapes/gemini/stream';

/**
 * Automatic function calling: one call of the app's is a loop of model calls and of the tools in `config.tools` that
 * can be called (MCP clients, or the app's own objects with `tool` and `callTool`). The loop is a span, and each
 * turn of the model and each tool one below it. Calls without such tools pass untouched.
 */
export function followFunctionCalling(instrument: string, method: string): Wrapper {
  return stepMethod({
    where: `the ${instrument} instrument`,
    begin: ([params]) => begin(instrument, params),
    onAnswer: (step, answer) =>
      method === 'generateContentStream'
        ? followLoop(step, answer)
        : step.succeed(outputOf(generateContent.response(answer))),
  });
}

interface CallableTool {
  callTool(calls: unknown): unknown;
}

function begin(instrument: string, given: unknown): Step | undefined {
  const params = asDict(given);
  const config = asDict(params?.config);
  const tools = asDicts(config?.tools).filter(isCallable);
  const settings = asDict(config?.automaticFunctionCalling);
  if (tools.length === 0 || settings?.disable || settings?.maximumRemoteCalls === 0) return undefined;
  for (const tool of tools) safely('a tool', () => patchTool(instrument, tool));
  return startStep({
    instrument,
    name: `${instrument}.automatic_function_calling`,
    attributes: (content) => ({
      [ATTR.operationName]: 'invoke_agent',
      ...present(ATTR.requestModel, modelName(params?.model)),
      ...(content && { [ATTR.inputMessages]: toJson(contentMessages(params?.contents)) }),
    }),
  });
}

const isCallable = (tool: Dict): tool is Dict & CallableTool => typeof tool.callTool === 'function';

/** The loop goes on while its chunks are read; what the model says last is what it was for. */
function followLoop(step: Step, answer: unknown): void {
  const generator = answer as AsyncIterator<unknown>;
  if (typeof generator?.next !== 'function') {
    step.succeed();
    return;
  }
  let turn = new GenerateAccumulator();
  const observer: IterationObserver<unknown> = {
    onItem(chunk) {
      // Results of tools come as chunks of the user's.
      const [candidate] = asDicts(asDict(chunk)?.candidates);
      if (asDict(candidate?.content)?.role === 'user') turn = new GenerateAccumulator();
      else turn.add(chunk);
    },
    onDone: () => step.succeed(outputOf(turn.response())),
    onError: step.fail,
  };
  followIterator(generator, observer, step.run);
}

const outputOf = ({ messages = [] }: ModelResponse): Attributes =>
  tracesContent() && messages.length > 0 ? { [ATTR.outputMessages]: toJson(messages) } : {};

/** The functions a tool has declared: it is asked to run whatever the model wants, and picks its own. */
const declared = new WeakMap<object, Set<string>>();

/** On the tool itself, once: the SDK calls the object the app gave. */
function patchTool(instrument: string, tool: object): void {
  patch((wrap) => {
    wrap(tool, 'tool', (original) => {
      return function (this: unknown, ...args: unknown[]) {
        const declaration = original.apply(this, args);
        if (!(declaration instanceof Promise)) return declaration;
        return followed(
          declaration,
          (value) => remember(tool, value),
          () => {},
        );
      };
    });
    wrap(tool, 'callTool', runTool(instrument, tool));
  });
}

function remember(tool: object, declaration: unknown): void {
  const names = asDicts(asDict(declaration)?.functionDeclarations).map(({ name }) => asString(name) ?? '');
  declared.set(tool, new Set(names));
}

function runTool(instrument: string, tool: object): Wrapper {
  return stepMethod({
    where: 'a tool',
    begin([wanted]) {
      const names = declared.get(tool);
      const calls = asDicts(wanted).filter(({ name }) => names?.has(asString(name) ?? '') ?? true);
      return calls.length > 0 ? startTool(instrument, calls) : undefined;
    },
    onAnswer: (step, parts) => step.succeed(toolResult(parts)),
  });
}

/** Several calls of one turn are run together: one span, and lists of what there is one of otherwise. */
function startTool(instrument: string, calls: Dict[]): Step {
  const names = calls.map(({ name }) => asString(name) ?? '').join(', ');
  const ids = calls.flatMap(({ id }) => asString(id) ?? []);
  return startStep({
    instrument,
    name: `execute_tool ${names}`,
    attributes: (content) => ({
      [ATTR.operationName]: 'execute_tool',
      [ATTR.toolName]: names,
      [ATTR.toolType]: 'function',
      ...present(ATTR.toolCallId, ids.length > 0 ? ids.join(', ') : undefined),
      ...(content && { [ATTR.toolCallArguments]: toJson(oneOrAll(calls.map((call) => call.args))) }),
    }),
  });
}

function toolResult(parts: unknown): Attributes {
  if (!tracesContent()) return {};
  const results = (asArray(parts) ?? []).map((part) => {
    const answer = asDict(asDict(part)?.functionResponse);
    return withoutBytes(answer ? answer.response : part);
  });
  return { [ATTR.toolCallResult]: toJson(oneOrAll(results)) };
}

const oneOrAll = (values: unknown[]): unknown => (values.length === 1 ? values[0] : values);

const present = (name: string, value: string | undefined): Attributes =>
  value === undefined ? {} : { [name]: value };
