import { type Context, createContextKey } from './api';

const FRAMEWORK_CALL = createContextKey('respan: call of a framework in progress');

/** A call of a framework that an instrument of ours traces: what the framework does inside it is told there. */
export interface FrameworkCall {
  /** The instrument's id. */
  id: string;
}

export function enterFrameworkCall(context: Context, call: FrameworkCall): Context {
  return context.setValue(FRAMEWORK_CALL, call);
}

export function frameworkCallIn(context: Context): FrameworkCall | undefined {
  return context.getValue(FRAMEWORK_CALL) as FrameworkCall | undefined;
}
