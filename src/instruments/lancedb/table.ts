import type { DatabaseMethods } from '../database/patch';
import { asDict, asNumber } from '../genai/read';
import { notesOn } from './notes';
import { rowCount } from './rows';
import { tableOf } from './table-name';

const place = { request: (_args: unknown[], self: unknown) => tableOf(self) };

export const tableMethods: DatabaseMethods = {
  add: { request: ([data], self) => ({ ...tableOf(self), addCount: rowCount(data) }) },
  update: {
    // `update({ values, where })`, or `update({ column: value }, { where })`.
    request: ([given, options], self) => ({
      ...tableOf(self),
      filter: asDict(options)?.where ?? asDict(given)?.where,
    }),
    response: (answer) => ({ updateCount: asNumber(asDict(answer)?.rowsUpdated) }),
  },
  delete: {
    request: ([filter], self) => ({ ...tableOf(self), filter }),
    response: (answer) => ({ deleteCount: asNumber(asDict(answer)?.numDeletedRows) }),
  },
  countRows: {
    request: ([filter], self) => ({ ...tableOf(self), filter }),
    response: (answer) => ({ count: asNumber(answer) }),
  },
  createIndex: place,
  dropIndex: place,
  optimize: place,
};

export const mergeMethods: DatabaseMethods = {
  execute: {
    name: 'mergeInsert',
    request: (_args, self) => notesOn(self),
    response: (answer) => {
      const { numInsertedRows, numUpdatedRows, numDeletedRows } = asDict(answer) ?? {};
      return {
        addCount: asNumber(numInsertedRows),
        updateCount: asNumber(numUpdatedRows),
        deleteCount: asNumber(numDeletedRows),
      };
    },
  },
};
