'use strict';
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { awkwardRequest } = require('../awkward.cjs');

const vector = [0.1, 0.5];
const rows = () =>
  Array.from({ length: 5 }, (_, i) => ({
    id: `i${i}`,
    vector: [i / 8, 0.5],
    text: `a ${i}`,
    year: 2000 + i,
  }));

/** No server: what is random is what is asked. The work is done by threads of its own. */
exports.answer = () => ({ json: {} });
exports.worksElsewhere = true;
let folder;
exports.stop = () => rmSync(folder, { recursive: true, force: true });
exports.start = async (load) => {
  const { connect } = await load('@lancedb/lancedb');
  folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const db = await connect(folder);
  const things = await db.createTable('things', rows());
  const call = (name, args, run) => ({
    name,
    run: (random) => run(random, ...args.map((arg) => awkwardRequest(random, arg))),
  });
  /** What changes a table has one of its own. */
  const changing = (name, args, run) =>
    call(name, args, async (_random, ...own) => {
      const table = await db.createTable('changed', rows(), { mode: 'overwrite' });
      return run(table, ...own);
    });
  const ends = ['toArray', 'toArrow'];
  return [
    call('search', [vector, 'year > 2001', 3], (random, at, where, limit) =>
      things.search(at).where(where).limit(limit)[random.pick(ends)](),
    ),
    call('vectorSearch', [vector, ['id', 'text']], (random, at, columns) =>
      things.vectorSearch(at).select(columns).limit(2)[random.pick(ends)](),
    ),
    call('query', ['year < 2003', 2], (_random, where, limit) => things.query().where(where).limit(limit)),
    call('query.nearestTo', [vector, 2], (_random, at, limit) => things.query().nearestTo(at).limit(limit)),
    call('query.toArray', [2], (_random, limit) => things.query().limit(limit).toArray()),
    call('countRows', ['year < 2003'], (_random, where) => things.countRows(where)),
    // Of a name that cannot be one, it panics.
    call('openTable', [], (random) => db.openTable(random.pick(['things', 'nothing']))),
    call('tableNames', [], () => db.tableNames()),
    changing('createIndex', ['year'], (table, column) => table.createIndex(column)),
    changing('dropIndex', ['year_idx'], async (table, name) => {
      await table.createIndex('year');
      return table.dropIndex(name);
    }),
    changing('optimize', [], (table) => table.optimize().then(Object.keys)),
    changing('dropTable', [], () => db.dropTable('changed')),
    changing('add', [rows()], (table, data) => table.add(data)),
    changing('update', [{ where: 'year < 2003', values: { text: 'b' } }], (table, how) => table.update(how)),
    changing('delete', ["id = 'i1'"], (table, where) => table.delete(where)),
    changing('mergeInsert', ['id', rows()], (table, on, data) =>
      table.mergeInsert(on).whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(data),
    ),
  ];
};
