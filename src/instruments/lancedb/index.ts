import { patchDatabaseMethods } from '../database/patch';
import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { connectionMethods } from './connection';
import { iterating, materializing } from './execute';
import { MERGE_STEPS, notingMergeOf, notingQueryOf, PARAMETERS } from './notes';
import { mergeMethods, tableMethods } from './table';

/** `@lancedb/lancedb`: tables, connections, and queries, which are built first and executed later. */
export const instrument = defineInstrument({
  id: 'lancedb',
  patchModule({ exports }) {
    const { LocalTable, LocalConnection, MergeInsertBuilder, QueryBase } = exports;
    patchDatabaseMethods('lancedb', LocalConnection, connectionMethods);
    patchDatabaseMethods('lancedb', LocalTable, tableMethods);
    patchDatabaseMethods('lancedb', MergeInsertBuilder, mergeMethods);
    patch((wrap) => {
      if (typeof LocalTable === 'function') {
        for (const [name, wrapper] of Object.entries(notingQueryOf))
          wrap(LocalTable.prototype, name, wrapper);
        wrap(LocalTable.prototype, 'mergeInsert', notingMergeOf);
      }
      if (typeof MergeInsertBuilder === 'function') {
        for (const [name, wrapper] of Object.entries(MERGE_STEPS)) {
          wrap(MergeInsertBuilder.prototype, name, wrapper);
        }
      }
      for (const className of ['StandardQueryBase', 'VectorQuery', 'Query']) {
        const owner = exports[className];
        if (typeof owner !== 'function') continue;
        for (const [name, wrapper] of Object.entries(PARAMETERS)) {
          if (Object.hasOwn(owner.prototype as object, name)) wrap(owner.prototype, name, wrapper);
        }
      }
      if (typeof QueryBase !== 'function') return;
      for (const name of ['toArray', 'toArrow']) wrap(QueryBase.prototype, name, materializing);
      for (const name of ['execute', Symbol.asyncIterator]) wrap(QueryBase.prototype, name, iterating);
    });
  },
});
