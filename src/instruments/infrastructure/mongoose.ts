import { MongooseInstrumentation } from '@opentelemetry/instrumentation-mongoose';
import {
  _ALREADY_INSTRUMENTED,
  _STORED_PARENT_SPAN,
} from '@opentelemetry/instrumentation-mongoose/build/src/mongoose';
import { context, type Span, trace } from '../../telemetry/api';
import { defineInstrument } from '../kit/define';
import { instrumentation } from './instrumentation';

type HandleResponse = (span: Span, exec: unknown, self: unknown, args: unknown, callback: unknown) => unknown;

const upstream = instrumentation('mongoose', () => {
  const made = new MongooseInstrumentation();
  const patcher = made as unknown as { _handleResponse: HandleResponse };
  const { _handleResponse: handle } = patcher;
  // What an operation does, hooks and commands of the driver, is inside of it. A callback is not.
  patcher._handleResponse = (span, exec, self, args, callback, ...rest: []) => {
    const run = () => handle.call(made, span, exec, self, args, callback, ...rest);
    if (typeof callback === 'function') return run();
    return context.with(trace.setSpan(context.active(), span), run);
  };
  return made;
});

type Classes = Record<'Query' | 'Aggregate', { prototype: object } | undefined>;

export const instrument = defineInstrument({
  id: 'mongoose',
  patchModule(module) {
    upstream.patchModule?.(module);
    const { exports } = module;
    const { Query, Aggregate } = (exports.Query ? exports : (exports.default ?? exports)) as Classes;
    for (const { prototype } of [Query, Aggregate].flatMap((made) => made ?? [])) keepBeside(prototype);
  },
});

/** What the instrumentation notes on the app's queries, which are printed and compared. */
function keepBeside(prototype: object): void {
  for (const name of [_STORED_PARENT_SPAN, _ALREADY_INSTRUMENTED]) {
    const kept = new WeakMap<object, unknown>();
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: object) {
        return kept.get(this);
      },
      set(this: object, value: unknown) {
        kept.set(this, value);
      },
    });
  }
}
