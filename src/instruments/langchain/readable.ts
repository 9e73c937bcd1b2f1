import { asDict, asString, type Dict } from '../genai/read';
import { contentParts, messageType, roleOf } from './messages';

/** Deeper than what people look at; what is below is left to the JSON writer, which has its own bounds. */
const MAX_DEPTH = 8;
/** Values that are looked at: the state of a graph may be anything. */
const MAX_VALUES = 5000;

/**
 * What a step was given or gave, for people to read: LangChain's JSON of its own classes tells how to build them
 * anew, and LangGraph's says how it works. Messages, prompts, documents and commands become what they say.
 */
export function readable(value: unknown): unknown {
  return read(value, { left: MAX_VALUES }, 0);
}

interface State {
  left: number;
}

function read(value: unknown, state: State, depth: number): unknown {
  state.left -= 1;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || state.left < 0) return value;
  if (Array.isArray(value)) return value.map((item) => read(item, state, depth + 1));
  try {
    return readObject(value, state, depth);
  } catch {
    // A getter of the app's that throws.
    return '[unreadable]';
  }
}

function readObject(value: object, state: State, depth: number): unknown {
  const known = readClass(value, state, depth);
  if (known !== undefined) return known;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, read(item, state, depth + 1)]),
  );
}

function readClass(value: object, state: State, depth: number): unknown {
  const it = value as Dict;
  if (messageType(value) !== undefined) return readMessage(it);
  if (typeof it.toChatMessages === 'function') {
    return Array.isArray(it.messages) ? read(it.messages, state, depth) : asString(it.value);
  }
  if (typeof it.pageContent === 'string') {
    const { pageContent, metadata, id } = it;
    return present({ id, pageContent, metadata });
  }
  if (it.lg_name === 'Command') {
    const { graph, update, resume, goto } = it;
    return present({ graph, update: read(update, state, depth), resume, goto: read(goto, state, depth) });
  }
  if (it.lg_name === 'Send') return { node: it.node, args: read(it.args, state, depth) };
  // What can be run, or is part of what runs: its name is all there is to say.
  if (it.lc_runnable === true || it.lc_serializable !== undefined) return `[${value.constructor.name}]`;
  return undefined;
}

function readMessage(message: Dict): Dict {
  const { content, name, tool_calls: calls, tool_call_id: callId, status } = message;
  return present({
    role: roleOf(message),
    name,
    content: typeof content === 'string' ? content : contentParts(content),
    tool_calls: Array.isArray(calls) && calls.length > 0 ? calls.map(readCall) : undefined,
    tool_call_id: callId,
    status,
  });
}

function readCall(call: unknown): Dict {
  const { id, name, args } = asDict(call) ?? {};
  return present({ id, name, args });
}

function present(values: Dict): Dict {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
