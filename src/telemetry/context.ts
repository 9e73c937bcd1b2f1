import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed, suppressTracing } from '@opentelemetry/core';
import { EventEmitter } from 'events';
import { shared } from '../config/shared';
import { type Context, context, propagation, ROOT_CONTEXT } from './api';
import { appGlobals } from './app-globals';
import { isSuppressedByOthers, untracedByOthers } from './other-tracers';
import { CarefulPropagator } from './propagator';
import { type Carrier, contextOf } from './threads/carrier';

const BOUND = Symbol('respan: bound to a context');

/** What a framework says the current context is, which keeps track of its steps by itself. */
type View = (active: Context) => Context;
let outsideView: View | undefined;

/** From now on `view` decides, given what it would be without it. It must not throw. */
export function viewContextThrough(view: View): void {
  const inner = outsideView;
  outsideView = inner ? (active) => view(inner(active)) : view;
}

/** What this process, or this thread, was started for. */
let startContext = ROOT_CONTEXT;

const contexts = new WeakMap<Carrier, Context>();

/** Where nothing of this thread's own is active: the task it was given, or what it was started for. */
function around(): Context {
  const carrier = shared()?.carrier?.() as Carrier | null | undefined;
  if (carrier === undefined) return startContext;
  if (carrier === null) return contextOf(undefined);
  let context = contexts.get(carrier);
  if (!context) contexts.set(carrier, (context = contextOf(carrier)));
  return context;
}

export function setStartContext(context: Context): void {
  startContext = context;
}

/**
 * OpenTelemetry's binding of an emitter replaces every listener by one of its own, which `listeners()` then
 * shows to the app. Here the emitter emits inside the context, and the listeners stay the app's.
 */
class DiscreetContextManager extends AsyncLocalStorageContextManager {
  override active(): Context {
    const inner = super.active();
    const active = inner === ROOT_CONTEXT ? around() : inner;
    return outsideView ? outsideView(active) : active;
  }

  override bind<T>(context: Context, target: T): T {
    if (!(target instanceof EventEmitter)) return super.bind(context, target);
    if (BOUND in target) return target;
    const { emit } = target;
    const bound: typeof emit = (...args) => this.with(context, () => emit.apply(target, args));
    Object.defineProperties(target, {
      [BOUND]: { value: true },
      emit: { value: bound, configurable: true, writable: true, enumerable: false },
    });
    return target;
  }
}

/** Our context across async code. One per process; the app's copies of the API may share it. */
export const contextManager = new DiscreetContextManager().enable();

export function registerContext(): void {
  context.setGlobalContextManager(contextManager);
  propagation.setGlobalPropagator(new CarefulPropagator());
}

/**
 * Runs `fn` so that neither our instruments nor any other tracer traces what it does: the requests of an export are not
 * part of anybody's trace. It runs outside of whatever goes on, which is enough for tracers that have spans inside of
 * transactions only (New Relic, Elastic); the others are told.
 */
export function untraced<T>(fn: () => T): T {
  const outside = shared()?.outside;
  return outside ? outside(() => untracedHere(fn)) : untracedHere(fn);
}

/** The same for code of the app's, which may ask its own AsyncLocalStorage whose request this is. */
export function untracedHere<T>(fn: () => T): T {
  const app = appGlobals()?.context;
  const byUs = () => untracedByUs(fn);
  const bySdk = () => (app ? app.with(suppressTracing(app.active() as Context), byUs) : byUs());
  return untracedByOthers(bySdk);
}

/** The same for us alone: the requests of another tracer's export may be of interest to somebody else. */
export function untracedByUs<T>(fn: () => T): T {
  return context.with(suppressTracing(context.active()), fn);
}

/** Whether the app's own tracer wants no trace of what runs now, as for the requests of its exports. */
export function isUntracedByApp(): boolean {
  const app = appGlobals()?.context;
  return (app !== undefined && isTracingSuppressed(app.active() as Context)) || isSuppressedByOthers();
}
