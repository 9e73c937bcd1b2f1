import { safely } from '../../config/safely';
import { followIterator } from '../../telemetry/follow';
import type { DatabaseCall } from '../database/call';
import { beginDatabaseCall, followAnswer, isInsideCallOf } from '../database/method';
import { type DatabaseResponse, type DatabaseResult, MAX_RESULTS } from '../database/types';
import { tracedMethod } from '../kit/traced-method';
import type { Wrapper } from '../kit/wrap';
import { notesOn } from './notes';
import { resultsOf, rowCount } from './rows';

function begin(query: unknown): DatabaseCall | undefined {
  if (isInsideCallOf('lancedb')) return undefined;
  const request = notesOn(query);
  return beginDatabaseCall('lancedb', request.isSearch ? 'search' : 'query', () => request);
}

/** `toArray` and `toArrow`: all results at once. The one calls the other. */
export const materializing: Wrapper = tracedMethod(
  'lancedb',
  (_, query) => begin(query),
  (call, result) =>
    followAnswer(call, result, (answer) =>
      call.succeed(
        safely('the response mapping', () => ({ resultCount: rowCount(answer), results: resultsOf(answer) })),
      ),
    ),
);

/** `execute` and `for await`: batch by batch. */
export const iterating: Wrapper = tracedMethod(
  'lancedb',
  (_, query) => begin(query),
  (call, iterator) => {
    followBatches(call, iterator);
    return iterator;
  },
);

function followBatches(call: DatabaseCall, iterator: unknown): void {
  if (typeof (iterator as Partial<AsyncIterator<unknown>> | undefined)?.next !== 'function') {
    call.succeed();
    return;
  }
  const seen = new SeenRows();
  call.otherwise(knownFrom(seen), iterator as object);
  followIterator(
    iterator as AsyncIterator<unknown>,
    {
      onItem: (batch) => seen.add(batch),
      onDone: () => call.succeed(seen.response(true)),
      onError: (error) => call.fail(error, seen.response()),
    },
    call.run,
  );
}

/** In a scope of its own, so that it holds on to nothing else (see DatabaseCall.otherwise). */
const knownFrom = (seen: SeenRows) => () => seen.response();

class SeenRows {
  #count = 0;
  readonly #results: DatabaseResult[] = [];

  add(batch: unknown): void {
    this.#count += rowCount(batch) ?? 0;
    if (this.#results.length < MAX_RESULTS) this.#results.push(...resultsOf(batch));
  }

  /** Where nothing was read so far, that says nothing of what there is. */
  response(isDone = false): DatabaseResponse {
    return isDone || this.#count > 0 ? { resultCount: this.#count, results: this.#results } : {};
  }
}
