/**
 * What a call of a vector store is, whatever the store: instruments translate into these, and one place
 * (to-attributes.ts) writes them onto a span. What was not asked for, or is not known, is absent. Vectors are in none
 * of them.
 */
export interface DatabaseRequest {
  collection?: string;
  /** The part of the store it is in: a database, a tenant, a namespace. */
  namespace?: string;
  serverAddress?: string;
  serverPort?: number;
  /** The text that is searched for, or several. */
  queryText?: string | string[];
  /** How long the vector is that is searched with. */
  dimensions?: number;
  /** How many queries the call makes, where it makes several. */
  batchSize?: number;
  topK?: number;
  /** As the app gave it; what of it is a vector is left out on the way. */
  filter?: unknown;
  ids?: unknown;
  /** How many vectors, records or documents are written, changed, deleted, asked for by id. */
  addCount?: number;
  updateCount?: number;
  deleteCount?: number;
  getCount?: number;
  /** Attributes with names of one store only; no content. */
  extra?: Extra;
  /** The same, of content: of any shape. */
  content?: Record<string, unknown>;
}

export interface DatabaseResponse {
  /** How many results there are, where that is more than `results` has. */
  resultCount?: number;
  results?: DatabaseResult[];
  /** What a call that counts came to. */
  count?: number;
  /** Some stores tell only afterwards what they did. */
  addCount?: number;
  updateCount?: number;
  deleteCount?: number;
  statusCode?: number | string;
  /** Some stores answer well that the call went wrong. */
  failure?: { type: string; message?: string };
  extra?: Extra;
  content?: Record<string, unknown>;
}

export interface DatabaseResult {
  id?: unknown;
  score?: unknown;
  distance?: unknown;
  document?: unknown;
  metadata?: unknown;
  /** Which of several queries it answers, from 0. */
  query?: number;
}

export type Extra = Record<string, string | number | boolean | undefined>;

/** The results that become events; of the others there is the number. */
export const MAX_RESULTS = 20;
