import { isTracingSuppressed, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  type Context,
  createContextKey,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
} from '../api';
import {
  type InheritedAttributes,
  inheritedBy,
  isWithoutContent,
  withInherited,
  withoutContent,
} from '../inherited';

/** W3C trace context and baggage, as headers and environment variables have it. */
export interface TraceCarrier {
  traceparent?: string;
  tracestate?: string;
  baggage?: string;
}

/** What of a context another thread of the app goes on with. */
export interface Carrier extends TraceCarrier {
  inherited?: InheritedAttributes;
  isWithoutContent?: true;
}

const w3c = new W3CTraceContextPropagator();
const baggage = new W3CBaggagePropagator();
let hasBaggage = true;

/** OTEL_PROPAGATORS may leave it out. */
export function withoutBaggage(): void {
  hasBaggage = false;
}

/** Undefined where no span is active and there is no baggage, or nothing is to be traced. */
export function traceCarrierOf(context: Context): TraceCarrier | undefined {
  const carrier: TraceCarrier = {};
  w3c.inject(context, carrier, defaultTextMapSetter);
  if (hasBaggage) baggage.inject(context, carrier, defaultTextMapSetter);
  return carrier.traceparent === undefined && carrier.baggage === undefined ? undefined : carrier;
}

export function carrierOf(context: Context): Carrier | undefined {
  if (isTracingSuppressed(context)) return undefined;
  const inherited = inheritedBy(context);
  const carrier: Carrier = {
    ...traceCarrierOf(context),
    ...(Object.keys(inherited).length > 0 && { inherited }),
    ...(isWithoutContent(context) && { isWithoutContent: true }),
  };
  return Object.keys(carrier).length > 0 ? carrier : undefined;
}

/** A context of its own, whatever this process or thread was started in. */
const NOTHING_AROUND = ROOT_CONTEXT.setValue(createContextKey('respan: nothing is around'), true);

export function contextOf(carrier: Carrier | undefined): Context {
  if (!carrier) return NOTHING_AROUND;
  const { traceparent, tracestate, inherited } = carrier;
  let context = w3c.extract(NOTHING_AROUND, { traceparent, tracestate }, defaultTextMapGetter);
  if (hasBaggage && carrier.baggage) context = baggage.extract(context, carrier, defaultTextMapGetter);
  if (inherited) context = withInherited(context, inherited);
  return carrier.isWithoutContent ? withoutContent(context) : context;
}
