import { type Context, context } from '../../../telemetry/api';
import {
  enterFrameworkCall,
  type FrameworkCall,
  frameworkCallIn,
} from '../../../telemetry/framework-call-context';

/** What a call of the framework says of how it is to be traced. */
export interface TracedCall {
  /** The instrument's id. */
  instrument: string;
  /** Telemetry is switched off for this call. */
  isOff: boolean;
  inputs: boolean;
  outputs: boolean;
  /** The tools it may use, by name. */
  tools: Readonly<Record<string, unknown>>;
  /** Which tool each call of the model's is for. */
  readonly toolNames: Map<string, string>;
  readonly carried: Carried;
}

/**
 * An app that drops its result reads no more of what models are saying. Their streams do not tell: a connection that nobody
 * reads from, and that nobody closes either, holds on to them.
 */
class Carried {
  #carrier: WeakRef<object> | undefined;
  #waiting: ((carrier: object) => void)[] = [];

  /** The app goes on through `carrier`, and not without it. */
  by(carrier: object): void {
    this.#carrier = new WeakRef(carrier);
    for (const follow of this.#waiting.splice(0)) follow(carrier);
  }

  /** Calls `follow` with the carrier, once there is one. */
  whenKnown(follow: (carrier: object) => void): void {
    const carrier = this.#carrier?.deref();
    if (carrier) follow(carrier);
    else if (!this.#carrier) this.#waiting.push(follow);
  }
}

export function tracedCall(given: Omit<TracedCall, 'toolNames' | 'carried'>): TracedCall {
  return { ...given, toolNames: new Map(), carried: new Carried() };
}

/**
 * Where in a call of the framework the code that runs is. Streams run their code in whatever context somebody asks them
 * or feeds them from, which may be that of a step that has ended: a frame knows the one it belongs to.
 */
export interface Frame extends FrameworkCall {
  kind: 'call' | 'model' | 'tool';
  call: TracedCall;
  isOver: boolean;
  /** What belongs to it runs in here. */
  context: Context;
  parent: Frame | undefined;
  /** An agent's, whose own call of the model loop is still to come. */
  awaitsLoop?: boolean;
}

const isFrame = (call: FrameworkCall | undefined): call is Frame =>
  call !== undefined && 'awaitsLoop' in call;

export function frameIn(around: Context): Frame | undefined {
  const call = frameworkCallIn(around);
  return isFrame(call) ? call : undefined;
}

/** The innermost frame around the running code that is not over. */
export function liveFrame(around = context.active()): Frame | undefined {
  let frame = frameIn(around);
  while (frame?.isOver) frame = frame.parent;
  return frame;
}

/** `around` itself where it belongs to `frame`, or what does. */
export function contextOf(frame: Frame, around: Context): Context {
  return frameIn(around) === frame ? around : frame.context;
}

export function openFrame(kind: Frame['kind'], call: TracedCall, inside: Context, parent?: Frame): Frame {
  const frame: Frame = {
    id: call.instrument,
    kind,
    call,
    isOver: false,
    context: inside,
    parent,
    awaitsLoop: false,
  };
  frame.context = enterFrameworkCall(inside, frame);
  return frame;
}
