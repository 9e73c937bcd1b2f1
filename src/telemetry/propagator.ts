import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { type Context, type TextMapGetter, type TextMapPropagator, type TextMapSetter, trace } from './api';
import { appGlobals } from './app-globals';
import { databaseCallOf } from './database-call-context';
import { adoptTraceId } from './id-generator';
import { modelCallOf } from './model-call-context';
import { hasOtherTracer } from './other-tracers';

let isWithheld = false;

/** Tells, right before an instrument injects, whether this one request has to leave as the app made it. */
export function withholdTraceContext(withhold: boolean): void {
  isWithheld = withhold;
}

/**
 * W3C trace context for requests between the app's own services. What goes to a model vendor or a vector store stays byte for
 * byte what the app sent; and where another tracer of the app's propagates its trace, ours would be in
 * its way.
 */
export class CarefulPropagator implements TextMapPropagator {
  readonly #w3c = new W3CTraceContextPropagator();

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const withheld = isWithheld;
    isWithheld = false;
    if (withheld || modelCallOf(context) || databaseCallOf(context)) return;
    if (isPropagatedByAnother()) return;
    this.#w3c.inject(context, carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const extracted = this.#w3c.extract(context, carrier, getter);
    const parent = trace.getSpanContext(extracted);
    if (!appGlobals()?.propagation && !isSignedByAnother(parent?.traceState?.serialize())) return extracted;
    // What comes in is the trace of another tracer, whose spans our backend never gets.
    adoptTraceId(parent?.traceId);
    return context;
  }

  fields(): string[] {
    return this.#w3c.fields();
  }
}

const isPropagatedByAnother = (): boolean => appGlobals()?.propagation !== undefined || hasOtherTracer();

/** Datadog, Elastic and New Relic sign what they pass on, in this process or in the one that sent it. */
const isSignedByAnother = (traceState = ''): boolean => /(?:^|,)(?:dd|es|[^,=]*@nr)=/.test(traceState);
