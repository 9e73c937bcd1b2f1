import { isPlainObject } from '../../config/plain-object';
import { readable } from '../../config/safely';
import { type Context, createTraceState, propagation } from '../../telemetry/api';
import { asDict, type Dict } from '../genai/read';

/**
 * Trace context travels in `params._meta`, under the names that the protocol reserves for it. In the trace state stands what of the
 * message is ours, so that whoever is traced on the other side takes exactly that out again before the app sees it.
 */
const OURS = 'respan';
type Added = 'params' | 'meta' | 'names';

/**
 * `request` with the trace context of `inside`; itself where the app carries one of its own, or there is none, or a copy
 * would be something else than the original.
 */
export function withTraceContext(request: Dict, inside: Context): Dict {
  return readable('a request', () => withAdded(request, inside)) ?? request;
}

function withAdded(request: Dict, inside: Context): Dict {
  if (request.params != null && !isPlainObject(request.params)) return request;
  const params = asDict(request.params);
  if (params?._meta != null && !isPlainObject(params._meta)) return request;
  const meta = asDict(params?._meta);
  // A second round of the same call has ours of the first one.
  const before = addedTo(meta);
  if (!before && meta && ('traceparent' in meta || 'tracestate' in meta)) return request;
  const carrier: { traceparent?: string; tracestate?: string } = {};
  propagation.inject(inside, carrier);
  if (!carrier.traceparent) return request;
  const added: Added = before ?? (!params ? 'params' : meta ? 'names' : 'meta');
  const tracestate = createTraceState(carrier.tracestate).set(OURS, added).serialize();
  return {
    ...request,
    params: { ...params, _meta: { ...meta, traceparent: carrier.traceparent, tracestate } },
  };
}

export interface Received {
  /** What the app is to see. */
  request: Dict;
  /** What was active where it came, with the span of the sender as the current one. */
  context: Context;
}

export function takeTraceContext(request: Dict, around: Context): Received {
  return readable('a request', () => withoutOurs(request, around)) ?? { request, context: around };
}

function withoutOurs(request: Dict, around: Context): Received {
  const params = asDict(request.params);
  const meta = asDict(params?._meta);
  if (!params || !meta || typeof meta.traceparent !== 'string') return { request, context: around };
  const { traceparent, tracestate, ...rest } = meta;
  const state = createTraceState(typeof tracestate === 'string' ? tracestate : '');
  const context = propagation.extract(around, { traceparent, tracestate: state.unset(OURS).serialize() });
  return { request: withoutAdded(request, params, rest, addedTo(meta)), context };
}

function withoutAdded(request: Dict, params: Dict, meta: Dict, added: Added | undefined): Dict {
  if (!added) return request;
  if (added === 'names') return { ...request, params: { ...params, _meta: meta } };
  // What was put there on the way (a progress token) stays.
  const isEmpty = Object.keys(meta).length === 0;
  const { _meta: _, ...rest } = params;
  const without = isEmpty ? rest : { ...rest, _meta: meta };
  if (added === 'params' && Object.keys(without).length === 0) {
    const { params: __, ...bare } = request;
    return bare;
  }
  return { ...request, params: without };
}

function addedTo(meta: Dict | undefined): Added | undefined {
  const { tracestate } = meta ?? {};
  if (typeof tracestate !== 'string' || !tracestate.includes(OURS)) return undefined;
  const added = createTraceState(tracestate).get(OURS);
  return added === 'params' || added === 'meta' || added === 'names' ? added : undefined;
}
