import { ATTR } from '../genai/attributes';
import type { Attributes } from '../genai/put';
import { asArray, asDict, asDicts, asString, type Dict } from '../genai/read';

/** What a JSON-RPC request of the Model Context Protocol is about. */
export interface RequestFacts {
  /** `{method} {tool or prompt}`, as the conventions have it. */
  spanName: string;
  attributes: Attributes;
  /** The name of the tool, where one is called. */
  tool?: string;
  /** What the span shows as input; undefined where the request carries nothing of the app's. */
  input?: unknown;
}

export const METHOD = 'mcp.method.name';
const PROMPT_NAME = 'gen_ai.prompt.name';
const RESOURCE_URI = 'mcp.resource.uri';

export function requestFacts(request: Dict): RequestFacts {
  const method = asString(request.method) ?? 'unknown';
  const params = asDict(request.params) ?? {};
  const attributes: Attributes = { [METHOD]: method };
  if (method === 'tools/call') {
    const tool = asString(params.name) ?? 'unknown';
    attributes[ATTR.operationName] = 'execute_tool';
    attributes[ATTR.toolName] = tool;
    return { spanName: `${method} ${tool}`, attributes, tool, input: params.arguments ?? {} };
  }
  const uri = asString(params.uri);
  if (uri !== undefined) attributes[RESOURCE_URI] = uri;
  const prompt = method === 'prompts/get' ? asString(params.name) : undefined;
  if (prompt !== undefined) attributes[PROMPT_NAME] = prompt;
  return {
    spanName: prompt === undefined ? method : `${method} ${prompt}`,
    attributes,
    input: CARRIES_CONTENT.has(method) ? withoutMeta(params) : undefined,
  };
}

/** Requests other than tool calls whose parameters and results say more than how the protocol works. */
const CARRIES_CONTENT = new Set([
  'prompts/get',
  'resources/read',
  'completion/complete',
  'sampling/createMessage',
  'elicitation/create',
]);

const LISTS: Record<string, string> = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
  'roots/list': 'roots',
};

/** A tool's result comes at once, or is asked for where it was a task. */
const TOOL_RESULTS = new Set(['tools/call', 'tasks/result']);

/** What the span of a request shows as output. */
export function outputOf(method: string, result: unknown): unknown {
  const answer = asDict(result);
  if (!answer) return undefined;
  const task = taskIn(method, answer);
  if (task) return { task };
  if (TOOL_RESULTS.has(method)) return toolOutput(answer);
  if (CARRIES_CONTENT.has(method)) return withoutBytes(withoutMeta(answer));
  const list = LISTS[method];
  if (list === undefined) return undefined;
  const items = asDicts(answer[list]);
  return { [list]: items.map(({ name, uri, uriTemplate }) => name ?? uri ?? uriTemplate) };
}

/** What was answered with a task, or asks how one is doing. */
function taskIn(method: string, answer: Dict): Dict | undefined {
  const isAsked = method === 'tasks/get' || method === 'tasks/cancel';
  const { taskId, status, statusMessage } = (isAsked ? answer : asDict(answer.task)) ?? {};
  if (asString(taskId) === undefined) return undefined;
  return { taskId, status, ...(statusMessage !== undefined && { statusMessage }) };
}

/** One text stands for itself; structured content, where there is some, says the same in a better way. */
function toolOutput(result: Dict): unknown {
  if (result.structuredContent !== undefined) return result.structuredContent;
  const content = asArray(result.content);
  if (!content) return withoutBytes(withoutMeta(result));
  const [only] = content;
  const text = content.length === 1 && asDict(only)?.type === 'text' ? asDict(only)?.text : undefined;
  return text ?? withoutBytes(content);
}

/** What a tool says of its failure, which is no error of the protocol's; undefined where it has not failed. */
export function toolFailure(method: string, result: unknown): string | undefined {
  const answer = asDict(result) ?? {};
  const task = taskIn(method, answer);
  if (task) return task.status === 'failed' ? (asString(task.statusMessage) ?? '') : undefined;
  if (!TOOL_RESULTS.has(method) || answer.isError !== true) return undefined;
  return asDicts(answer.content)
    .map(({ text }) => asString(text) ?? '')
    .filter(Boolean)
    .join('\n');
}

function withoutMeta({ _meta: _, ...rest }: Dict): Dict {
  return rest;
}

/** Images, audio and binary resources are told by their type and size. */
function withoutBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBytes);
  const dict = asDict(value);
  if (!dict) return value;
  const isMedia = dict.type === 'image' || dict.type === 'audio';
  return Object.fromEntries(
    Object.entries(dict).map(([key, item]) => {
      const isBytes = typeof item === 'string' && (key === 'blob' || (isMedia && key === 'data'));
      return isBytes ? ['bytes', Math.floor((item.length * 3) / 4)] : [key, withoutBytes(item)];
    }),
  );
}
