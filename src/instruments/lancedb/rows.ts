import { type DatabaseResult, MAX_RESULTS } from '../database/types';
import { asDict, asNumber, type Dict } from '../genai/read';

/** Rows of an Arrow table or batch, or a list of rows. */
export function rowCount(answer: unknown): number | undefined {
  return Array.isArray(answer) ? answer.length : asNumber(asDict(answer)?.numRows);
}

interface ArrowRows {
  numRows: number;
  get(index: number): unknown;
}

/** What searches add to the columns of a table. */
const DISTANCE = '_distance';
const SCORES = ['_relevance_score', '_score'];
const IDS = ['id', '_id', '_rowid'];

/** The first rows, without their vectors. */
export function resultsOf(answer: unknown): DatabaseResult[] {
  const count = Math.min(rowCount(answer) ?? 0, MAX_RESULTS);
  const row = (index: number) =>
    Array.isArray(answer) ? (answer[index] as unknown) : (answer as ArrowRows).get(index);
  return Array.from({ length: count }, (_, index) => resultOf(row(index)));
}

function resultOf(row: unknown): DatabaseResult {
  const columns = columnsOf(row);
  const id = IDS.find((name) => columns[name] !== undefined);
  const score = SCORES.find((name) => columns[name] !== undefined);
  const rest = Object.entries(columns).filter(
    ([name, value]) => name !== id && name !== DISTANCE && !SCORES.includes(name) && !isVector(value),
  );
  return {
    id: id && columns[id],
    distance: columns[DISTANCE],
    score: score && columns[score],
    metadata: rest.length > 0 ? Object.fromEntries(rest) : undefined,
  };
}

/** Arrow's rows are proxies whose columns are their own keys. */
function columnsOf(row: unknown): Dict {
  const { toJSON } = (row ?? {}) as { toJSON?: () => unknown };
  return asDict(typeof toJSON === 'function' ? toJSON.call(row) : row) ?? {};
}

const INT = 2;
const FLOAT = 3;

/** A list of numbers, as Arrow has it. */
function isVector(value: unknown): boolean {
  if (ArrayBuffer.isView(value)) return true;
  const { type, toArray } = (value ?? {}) as { type?: { typeId?: unknown }; toArray?: unknown };
  return typeof toArray === 'function' && (type?.typeId === FLOAT || type?.typeId === INT);
}
