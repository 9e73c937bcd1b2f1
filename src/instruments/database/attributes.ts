/**
 * Attribute names of the OpenTelemetry database conventions, and those of OpenLLMetry for what vector stores have
 * besides (`db.vector.*`, `db.query.result.*`).
 */
export const DB = {
  system: 'db.system.name',
  operation: 'db.operation.name',
  batchSize: 'db.operation.batch.size',
  collection: 'db.collection.name',
  namespace: 'db.namespace',
  queryText: 'db.query.text',
  statusCode: 'db.response.status_code',
  returnedRows: 'db.response.returned_rows',
  /** What a call that counts came to. */
  count: 'db.response.count',
  topK: 'db.vector.query.top_k',
  /** How long the vector is that was searched with. */
  dimensions: 'db.vector.query.dimension.count',
  filter: 'db.vector.query.filter',
  /** The ids that were asked for, or deleted. */
  ids: 'db.vector.query.ids',
  addCount: 'db.vector.add.count',
  updateCount: 'db.vector.update.count',
  deleteCount: 'db.vector.delete.count',
  getCount: 'db.vector.get.count',
  resultEvent: 'db.query.result',
  resultId: 'db.query.result.id',
  resultScore: 'db.query.result.score',
  resultDistance: 'db.query.result.distance',
  resultDocument: 'db.query.result.document',
  resultMetadata: 'db.query.result.metadata',
  /** Which of several queries of one call it answers, from 0. */
  resultQuery: 'db.query.result.query',
} as const;
