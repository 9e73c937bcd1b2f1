import { type Context, context } from '../../telemetry/api';
import { type Entity, startEntity } from '../../telemetry/entity-span';
import { recordError } from '../../telemetry/record-error';
import { toBoundedJson, toJson } from '../../telemetry/to-json';
import { ATTR } from '../genai/attributes';
import { asArray, asDict, asString, type Dict } from '../genai/read';
import type { Message } from '../genai/types';
import { type ModelCall, startModelCall } from '../kit/model-call';
import { inputMessage } from '../shapes/anthropic/content';
import { messageResponse } from '../shapes/anthropic/response';
import {
  isOfModel,
  laneOf,
  type Outcome,
  openingOf,
  outcomeOf,
  type ToolUse,
  textOrParts,
  toolResults,
  toolUses,
} from './messages';

const INSTRUMENT = 'claude_agent_sdk';
const SCOPE = `respan.${INSTRUMENT}`;
const AGENT = 'claude';

/** One run of the agent, made of the messages that Claude Code sends. */
export interface Session {
  readonly context: Context;
  run<T>(fn: () => T): T;
  /** What the app says, where it goes on saying things. */
  said(message: unknown): void;
  received(message: unknown): void;
  /** Where a tool of the app's own runs, given its name there and its arguments. */
  contextOfTool(name: string, input: unknown, id: unknown): Context | undefined;
  end(): void;
  fail(error: unknown): void;
  settleWith(carrier: object): void;
}

/** A sequence of messages: the agent's, or that of an agent which one of its tools runs. */
interface Lane {
  context: Context;
  /** What the model is told next. */
  pending: Message[];
  /** Since when it is the model's turn, by performance.now(). */
  since: number;
  turn?: Turn | undefined;
}

/** An answer of the model, which comes in a message for each of its blocks. */
interface Turn {
  id: unknown;
  call: ModelCall;
  body: Dict;
  at: number;
}

interface OpenTool extends ToolUse {
  entity: Entity;
  isTaken: boolean;
}

const SESSION = Symbol('respan: session of the Claude Agent SDK');

export const sessionOf = (active: Context): Session | undefined =>
  active.getValue(SESSION) as Session | undefined;

export function startSession(params: Dict): Session {
  const { prompt } = params;
  const model = asString(asDict(params.options)?.model);
  const entity = startEntity(
    {
      kind: 'agent',
      name: AGENT,
      scope: SCOPE,
      input: () => (typeof prompt === 'string' ? prompt : undefined),
      attributes: {
        [ATTR.operationName]: 'invoke_agent',
        [ATTR.providerName]: 'anthropic',
        [ATTR.agentName]: AGENT,
        ...(model && { [ATTR.requestModel]: model }),
      },
    },
    context.active(),
  );
  const tools = new Map<string, OpenTool>();
  const lanes = new Map<string, Lane>();
  const inputs: unknown[] = [];
  let outcome: Outcome | undefined;
  let isOver = false;

  function lane(name: string): Lane {
    let known = lanes.get(name);
    if (!known) {
      const around = tools.get(name)?.entity.context ?? session.context;
      known = { context: around, pending: [], since: performance.now() };
      lanes.set(name, known);
    }
    return known;
  }

  function assistant(message: Dict): void {
    const own = lane(laneOf(message));
    const body = asDict(message.message) ?? {};
    if (isOfModel(message)) continueTurn(own, body);
    for (const use of toolUses(message)) tools.set(use.id, startTool(use, own));
  }

  function user(message: Dict): void {
    const own = lane(laneOf(message));
    endTurn(own);
    own.pending.push(...inputMessage(asDict(message.message) ?? {}));
    own.since = performance.now();
    for (const { id, output, isError } of toolResults(message)) {
      const tool = tools.get(id);
      if (!tool) continue;
      const inner = lanes.get(id);
      if (inner) endTurn(inner);
      lanes.delete(id);
      tools.delete(id);
      if (isError) tool.entity.fail({ name: 'tool_error', message: textOf(output) }, output);
      else tool.entity.succeed(output);
    }
  }

  function finish(end: () => void): void {
    if (isOver) return;
    isOver = true;
    for (const own of lanes.values()) endTurn(own);
    for (const { entity: tool } of tools.values()) tool.succeed();
    end();
  }

  const session: Session = {
    context: entity.context,
    run: (fn) => context.with(session.context, fn),
    said(message) {
      const own = lane('');
      const told = asDict(asDict(message)?.message);
      if (!told) return;
      own.pending.push(...inputMessage(told));
      own.since = performance.now();
      if (!entity.content) return;
      inputs.push(textOrParts(told.content));
      entity.span.setAttribute(
        'traceloop.entity.input',
        toBoundedJson(inputs.length > 1 ? inputs : inputs[0]),
      );
    },
    received(message) {
      const given = asDict(message);
      if (!given || isOver) return;
      if (given.type === 'assistant') assistant(given);
      else if (given.type === 'user') user(given);
      else if (given.type === 'system' && given.subtype === 'init')
        entity.span.setAttributes(openingOf(given));
      else if (given.type === 'result') {
        for (const own of lanes.values()) endTurn(own);
        outcome = outcomeOf(given);
        entity.span.setAttributes(outcome.attributes);
      }
    },
    contextOfTool(name, input, id) {
      const tool = (typeof id === 'string' && tools.get(id)) || findTool(tools, name, input);
      if (!tool) return undefined;
      tool.isTaken = true;
      return tool.entity.context;
    },
    end: () =>
      finish(() => {
        if (outcome?.error) entity.fail(outcome.error, outcome.output);
        else entity.succeed(outcome?.output);
      }),
    fail: (error) =>
      finish(() => {
        recordError(entity.span, error, { type: typeOf(error, params), content: entity.content });
        entity.succeed(outcome?.output);
      }),
    settleWith: entity.settleWith,
  };
  (session as { context: Context }).context = entity.context.setValue(SESSION, session);
  if (typeof prompt === 'string')
    lane('').pending.push({ role: 'user', parts: [{ type: 'text', content: prompt }] });
  return session;
}

function continueTurn(lane: Lane, message: Dict): void {
  const { turn } = lane;
  if (turn && turn.id === message.id) {
    const blocks = [...(asArray(turn.body.content) ?? []), ...(asArray(message.content) ?? [])];
    turn.body = { ...turn.body, ...message, content: blocks };
    turn.at = performance.now();
    return;
  }
  endTurn(lane);
  const call = startModelCall({
    instrument: INSTRUMENT,
    name: `${INSTRUMENT}.chat`,
    request: {
      operation: 'chat',
      provider: 'anthropic',
      model: asString(message.model),
      messages: lane.pending,
    },
    // The model's turn began when it was told what it answers.
    since: { time: lane.since, context: lane.context, carrier: {} },
  });
  lane.pending = [];
  lane.turn = { id: message.id, call, body: message, at: performance.now() };
}

/** What it took is told with the whole run, that of Claude Code's other calls included. */
function endTurn(lane: Lane): void {
  const { turn } = lane;
  if (!turn) return;
  lane.turn = undefined;
  const { usage: _, ...response } = messageResponse(turn.body);
  turn.call.end(() => ({ response, endTime: turn.at }));
}

function startTool(use: ToolUse, lane: Lane): OpenTool {
  const entity = startEntity(
    {
      kind: 'tool',
      name: use.name,
      scope: SCOPE,
      input: () => use.input,
      attributes: {
        [ATTR.operationName]: 'execute_tool',
        [ATTR.toolName]: use.name,
        [ATTR.toolCallId]: use.id,
      },
    },
    lane.context,
  );
  return { ...use, entity, isTaken: false };
}

/** Of several that are called at once, the one with these arguments. */
function findTool(tools: Map<string, OpenTool>, name: string, input: unknown): OpenTool | undefined {
  const open = [...tools.values()].filter((tool) => tool.name === name && !tool.isTaken);
  if (open.length < 2) return open[0];
  const wanted = toJson(input);
  return open.find((tool) => toJson(tool.input) === wanted) ?? open[0];
}

/** The SDK's classes have names that say nothing: it is minified. */
function typeOf(error: unknown, params: Dict): string {
  const controller = asDict(asDict(params.options)?.abortController);
  if (asDict(controller?.signal)?.aborted === true) return 'AbortError';
  return (error instanceof Error && error.name) || 'Error';
}

const textOf = (output: unknown): string => (typeof output === 'string' ? output : toBoundedJson(output));
