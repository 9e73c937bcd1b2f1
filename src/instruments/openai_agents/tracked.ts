import { type Context, context } from '../../telemetry/api';
import { viewContextThrough } from '../../telemetry/context';

/**
 * The framework's traces and spans that are going on, by its ids: spans are cloned as they are handed from one of its
 * contexts to the next.
 */
export interface Tracked {
  parent: Tracked | undefined;
  /** What belongs to it runs in here. */
  context: Context;
  isOver: boolean;
  /** Of agents and workflows: what went in first, and what came out last. */
  hasConversation: boolean;
  /** What is below it has a conversation of its own. */
  isTool: boolean;
  conversation: { input?: unknown; output?: unknown; failure?: { name: string; message: string } };
  end(facts: EndFacts): void;
}

export interface EndFacts {
  data: unknown;
  error: unknown;
}

const tracked = new Map<string, Tracked>();

/** A trace's spans, which may be asked for until the trace is over. */
interface Members {
  ids: string[];
  open: number;
  /** Says that the trace has ended, where spans of it are still going on. */
  end?: () => void;
}

const membersOf = new Map<string, Members>();

/** Traces that are over but may still get spans: the first versions end a trace before its stream has been read. */
const past: string[] = [];
const MAX_PAST = 100;

export const trackedBy = (id: unknown): Tracked | undefined =>
  typeof id === 'string' ? tracked.get(id) : undefined;

export function trackTrace(traceId: string, one: Tracked): void {
  tracked.set(traceId, one);
  membersOf.set(traceId, { ids: [], open: 0 });
}

export function trackSpan(traceId: string, spanId: string, one: Tracked): void {
  tracked.set(spanId, one);
  const members = membersOf.get(traceId);
  if (!members) return;
  members.ids.push(spanId);
  members.open += 1;
}

export function spanIsOver(traceId: string, spanId: string): void {
  const members = membersOf.get(traceId);
  // Of a trace that is over, or that began elsewhere.
  if (!members) return void tracked.delete(spanId);
  members.open -= 1;
  if (members.open === 0) members.end?.();
}

/** `end` is called once no span of it is going on. */
export function traceIsOver(traceId: string, end: () => void): void {
  const members = membersOf.get(traceId);
  if (!members) return;
  members.end = () => {
    for (const id of members.ids) tracked.delete(id);
    membersOf.delete(traceId);
    past.push(traceId);
    if (past.length > MAX_PAST) forgetPast(past.shift()!);
    end();
  };
  if (members.open === 0) members.end();
}

/** Unless it goes on again. */
function forgetPast(traceId: string): void {
  if (tracked.get(traceId)?.isOver) tracked.delete(traceId);
}

const STEP = Symbol('respan: step of the OpenAI Agents SDK');

export const inStep = (around: Context, step: Tracked): Context => around.setValue(STEP, step);
export const stepOf = (active: Context): Tracked | undefined => active.getValue(STEP) as Tracked | undefined;

/** What is active, if that is inside of `parent`, and otherwise what is inside of it. */
export function contextIn(parent: Tracked | undefined): Context {
  const active = context.active();
  return !parent || isWithin(stepOf(active), parent) ? active : parent.context;
}

function isWithin(step: Tracked | undefined, wanted: Tracked): boolean {
  for (let one = step; one; one = one.parent) if (one === wanted) return true;
  return false;
}

type Current = () => { spanId?: unknown; traceId?: unknown } | null | undefined;

/** How each copy of the framework tells its current span and trace. */
const lookups: { span: Current; trace: Current }[] = [];

/**
 * The framework keeps its current span in a storage of its own, and changes it in ways that no function wraps. Whoever
 * asks for our context is given the one of that span, wherever it is further in than what ours knows of.
 */
export function followCurrent(span: Current, trace: Current): void {
  lookups.push({ span, trace });
  if (lookups.length === 1) {
    viewContextThrough((active) => {
      if (tracked.size === 0) return active;
      const current = currentStep();
      return !current || isWithin(stepOf(active), current) ? active : current.context;
    });
  }
}

function currentStep(): Tracked | undefined {
  try {
    for (const { span, trace } of lookups) {
      let current = trackedBy(span()?.spanId) ?? trackedBy(trace()?.traceId);
      while (current?.isOver) current = current.parent;
      if (current) return current;
    }
  } catch {
    // A storage of the app's own.
  }
  return undefined;
}
