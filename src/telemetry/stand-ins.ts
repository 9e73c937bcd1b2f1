import { safely } from '../config/safely';

/**
 * Functions of ours that stand where functions of a library were, and the source that these say is theirs: apps and
 * libraries read it (`String(fn)`), and no property of a function decides about it. What a function is known by is kept
 * here and not on the function, where everybody who lists its properties would see it.
 */
const standsFor = new WeakMap<object, object>();

/** From now on `replacement` says the source of `original`. */
export function noteStandIn(replacement: object, original: object): void {
  if (!answersForStandIns) safely('the source of functions', answerForStandIns);
  standsFor.set(replacement, standsFor.get(original) ?? original);
}

let answersForStandIns = false;

/** A method, as the platform's is: it cannot be constructed, and has no prototype of its own. */
function answerForStandIns(): void {
  answersForStandIns = true;
  const descriptor = Object.getOwnPropertyDescriptor(Function.prototype, 'toString');
  // Under `--frozen-intrinsics` nobody can.
  if (!descriptor?.configurable) return;
  const native = Function.prototype.toString;
  const answering = {
    toString(this: object): string {
      return Reflect.apply(native, standsFor.get(this) ?? this, []);
    },
  }.toString;
  const { enumerable } = descriptor;
  Object.defineProperty(Function.prototype, 'toString', {
    configurable: true,
    enumerable,
    writable: true,
    value: answering,
  });
  standsFor.set(answering, native);
}
