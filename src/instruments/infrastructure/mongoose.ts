import { MongooseInstrumentation } from '@opentelemetry/instrumentation-mongoose';
import { _ALREADY_INSTRUMENTED } from '@opentelemetry/instrumentation-mongoose/build/src/mongoose';
import { context, type Span, trace } from '../../telemetry/api';
import { hidden, isObject } from './copied';
import { instrumentation } from './instrumentation';

type Method = (this: object, ...args: unknown[]) => unknown;
type Patch = (...given: unknown[]) => (original: Method) => Method;

interface Patches {
  _handleResponse(
    span: Span,
    ...call: [exec: unknown, self: unknown, args: unknown, callback: unknown]
  ): unknown;
  patchAndCaptureSpanContext: Patch;
  patchModelAggregate: Patch;
  patchQueryExec: Patch;
  patchAggregateExec: Patch;
  _patchDocumentUpdateMethods: Patch;
}

export const instrument = instrumentation('mongoose', () => {
  const made = new MongooseInstrumentation();
  const patches = made as unknown as Patches;
  aroundWhatTheyDo(patches);
  withParentsBeside(patches);
  return made;
});

/** What an operation does, hooks and commands of the driver, is inside of its span. A callback is not. */
function aroundWhatTheyDo(patches: Patches): void {
  const { _handleResponse: handle } = patches;
  patches._handleResponse = (span, exec, self, args, callback, ...rest: []) => {
    const run = () => handle.call(patches, span, exec, self, args, callback, ...rest);
    if (typeof callback === 'function') return run();
    return context.with(trace.setSpan(context.active(), span), run);
  };
}

/** A query belongs to where it was made. The instrumentation notes that on the app's queries, which are printed and compared. */
function withParentsBeside(patches: Patches): void {
  const parents = new WeakMap<object, Span>();
  const note = (query: unknown): void => {
    const parent = trace.getSpan(context.active());
    if (parent && isObject(query)) parents.set(query, parent);
  };
  patches.patchAndCaptureSpanContext = () => (original) =>
    function (...args) {
      note(this);
      return original.apply(this, args);
    };
  patches.patchModelAggregate = () => (original) =>
    function (...args) {
      const aggregate = original.apply(this, args);
      note(aggregate);
      return aggregate;
    };
  for (const name of ['patchQueryExec', 'patchAggregateExec'] as const) {
    const patchOf = patches[name];
    patches[name] = (...given) => {
      const patch = patchOf.apply(patches, given);
      return (original) => {
        const traced = patch(original);
        return function (...args) {
          const parent = parents.get(this);
          const run = () => traced.apply(this, args);
          return parent ? context.with(trace.setSpan(context.active(), parent), run) : run();
        };
      };
    };
  }
  const { _patchDocumentUpdateMethods: patchUpdates } = patches;
  patches._patchDocumentUpdateMethods = (...given) => {
    const patch = patchUpdates.apply(patches, given);
    return (original) => {
      const traced = patch(original);
      return function (...args) {
        const query = traced.apply(this, args);
        if (isObject(query)) hidden(query, _ALREADY_INSTRUMENTED);
        return query;
      };
    };
  };
}
