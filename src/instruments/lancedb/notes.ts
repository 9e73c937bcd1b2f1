import { safely } from '../../config/safely';
import { dimensionsOf } from '../database/readable';
import type { DatabaseRequest } from '../database/types';
import { asNumber, asString } from '../genai/read';
import type { Wrapper } from '../kit/wrap';
import { tableOf } from './table-name';

/**
 * What queries are for is handed to native code as they are built; here it is noted on the way, for when they are
 * executed.
 */
const notes = new WeakMap<object, Notes>();

export interface Notes extends DatabaseRequest {
  /** Looking for something near, or just reading. */
  isSearch?: boolean;
}

export const notesOn = (query: unknown): Notes =>
  (typeof query === 'object' && query !== null && notes.get(query)) || {};

type Read = (args: unknown[], self: unknown) => Notes;

/** Notes what a call tells on the object it is called on, and on what comes out of it. */
function noting(read: Read, onSelf = true): Wrapper {
  return (original) =>
    function (this: unknown, ...args: unknown[]) {
      const told = safely('the lancedb instrument', () => known(read(args, this)));
      const result = original.apply(this, args);
      safely('the lancedb instrument', () => {
        const note = { ...(onSelf && notesOn(this)), ...told };
        for (const target of onSelf ? [this, result] : [result]) {
          if (typeof target === 'object' && target !== null) notes.set(target, note);
        }
      });
      return result;
    };
}

/** A later call that says nothing takes nothing back. */
const known = (request: Notes): Notes =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));

/** A text is embedded, or searched for as it is; a vector may also come as a promise. */
const searched = (query: unknown): Notes => ({
  isSearch: true,
  ...(typeof query === 'string' ? { queryText: query } : { dimensions: dimensionsOf(query) }),
});

/** Methods of a table that make queries. */
export const notingQueryOf: Record<string, Wrapper> = {
  query: noting((_args, self) => tableOf(self), false),
  search: noting(([query], self) => ({ ...tableOf(self), ...searched(query) }), false),
  vectorSearch: noting(([vector], self) => ({ ...tableOf(self), ...searched(vector) }), false),
  takeOffsets: noting(([offsets], self) => ({ ...tableOf(self), getCount: countOf(offsets) }), false),
  takeRowIds: noting(([ids], self) => ({ ...tableOf(self), ids, getCount: countOf(ids) }), false),
};

export const notingMergeOf: Wrapper = noting((_args, self) => tableOf(self), false);

/** Methods of a merge that say what it does: each answers with a new one. */
export const MERGE_STEPS: Record<string, Wrapper> = Object.fromEntries(
  [
    'whenMatchedUpdateAll',
    'whenNotMatchedInsertAll',
    'whenNotMatchedBySourceDelete',
    'useIndex',
    'useLsm',
  ].map((name) => [name, noting(() => ({}))]),
);

const countOf = (list: unknown): number | undefined => (Array.isArray(list) ? list.length : undefined);

/** Methods of a query that say what it is for. */
export const PARAMETERS: Record<string, Wrapper> = {
  where: noting(([filter]) => ({ filter })),
  filter: noting(([filter]) => ({ filter })),
  limit: noting(([limit]) => ({ topK: asNumber(limit) })),
  nearestTo: noting(([vector]) => searched(vector)),
  nearestToText: noting(([query]) => ({ isSearch: true, queryText: asString(query) })),
  fullTextSearch: noting(([query]) => ({ isSearch: true, queryText: asString(query) })),
};
