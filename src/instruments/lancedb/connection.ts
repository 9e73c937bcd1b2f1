import type { DatabaseMethod } from '../database/method';
import type { DatabaseMethods } from '../database/patch';
import { asArray, asDict, asString } from '../genai/read';
import { rowCount } from './rows';
import { tableOf } from './table-name';

/** A table that comes out is asked for its name while it is idle. */
function opened(table: unknown): undefined {
  tableOf(table);
}

const named: DatabaseMethod = { request: ([name]) => ({ collection: asString(name) }), response: opened };

export const connectionMethods: DatabaseMethods = {
  createTable: {
    // `createTable(name, data)`, or `createTable({ name, data })`.
    request: ([given, data]) => ({
      collection: asString(given) ?? asString(asDict(given)?.name),
      addCount: rowCount(data) ?? rowCount(asDict(given)?.data),
    }),
    response: opened,
  },
  createEmptyTable: named,
  openTable: named,
  dropTable: { request: named.request },
  tableNames: {
    request: () => ({}),
    response: (answer) => ({ resultCount: asArray(answer)?.length }),
  },
};
