import type { Context } from '../../telemetry/api';

/**
 * `batch` of a chain takes all its inputs through each step together: the step makes its runs one after the other,
 * and the first one is part of the first run of the chain, the second one of the second.
 */
const BATCH = Symbol('respan: contexts of a LangChain batch');
const TURN = Symbol('respan: whose turn it is in a LangChain batch');

interface Batch {
  inputs: readonly unknown[];
  contexts: readonly Context[];
}

interface Turn {
  contexts: readonly Context[];
  next: number;
}

export const withBatch = (context: Context, batch: Batch): Context => context.setValue(BATCH, batch);

/** The contexts for a step's inputs. Where a retry takes only some of them through the step again, those of these. */
export function batchOf(context: Context, inputs: readonly unknown[]): readonly Context[] | undefined {
  const batch = context.getValue(BATCH) as Batch | undefined;
  if (!batch || batch.inputs.length === inputs.length) return batch?.contexts;
  let at = -1;
  return inputs.map((input) => {
    at = batch.inputs.indexOf(input, at + 1);
    return batch.contexts[at] ?? context;
  });
}

export const withTurns = (context: Context, contexts: readonly Context[]): Context =>
  withoutBatch(context).setValue(TURN, { contexts, next: 0 } satisfies Turn);

/** The context of the call that is made now. */
export function takeTurn(context: Context): Context {
  const turn = context.getValue(TURN) as Turn | undefined;
  return turn?.contexts[turn.next++] ?? context;
}

export function withoutBatch(context: Context): Context {
  const isPlain = context.getValue(BATCH) === undefined && context.getValue(TURN) === undefined;
  return isPlain ? context : context.deleteValue(BATCH).deleteValue(TURN);
}
