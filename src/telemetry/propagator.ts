import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from './api';
import { modelCallOf } from './model-call-context';

/**
 * W3C trace context for requests between the app's own services. What goes to a model vendor stays byte for
 * byte what the app sent, so inside a model call nothing is injected.
 */
export class CarefulPropagator implements TextMapPropagator {
  readonly #w3c = new W3CTraceContextPropagator();

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (!modelCallOf(context)) this.#w3c.inject(context, carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    return this.#w3c.extract(context, carrier, getter);
  }

  fields(): string[] {
    return this.#w3c.fields();
  }
}
