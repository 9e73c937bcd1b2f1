import { type Context, type Span, trace } from '../../telemetry/api';
import { asDict, asString, type Dict } from '../genai/read';

/**
 * A request may be answered with a task, whose state and result are asked for by requests of their own: these belong to the
 * request that made it.
 */
interface Task {
  /** What was active when the task was asked for. */
  asker: Span | undefined;
  /** What belongs to the request that made it. */
  inside: Context;
}

const tasksOf = new WeakMap<object, Map<string, Task>>();

/** Of tasks whose result nobody asks for. */
const MAX_TASKS = 1_000;

export function noteTask(protocol: object, answer: unknown, around: Context, inside: Context): void {
  const id = asString(asDict(asDict(answer)?.task)?.taskId);
  if (id === undefined) return;
  const tasks = tasksOf.get(protocol) ?? new Map<string, Task>();
  tasksOf.set(protocol, tasks);
  tasks.set(id, { asker: trace.getSpan(around), inside });
  if (tasks.size > MAX_TASKS) tasks.delete(tasks.keys().next().value!);
}

/** Where a request about a task belongs; whoever asks in the middle of something else asks on behalf of that. */
export function aroundTask(protocol: object, { method, params }: Dict, active: Context): Context {
  if (!asString(method)?.startsWith('tasks/')) return active;
  const task = tasksOf.get(protocol)?.get(asString(asDict(params)?.taskId) ?? '');
  return task && task.asker === trace.getSpan(active) ? task.inside : active;
}
