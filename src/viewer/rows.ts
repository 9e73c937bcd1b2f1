import type { Colors } from './colors';
import { dollars, duration, plural, shorten, tokens } from './format';
import type { Node } from './nest';
import { isModelCall, type TreeSpan } from './otlp-lines';

/** One line of a tree before it is lined up with the others. */
export interface Row {
  branch: string;
  name: string;
  detail: string;
  time: string;
  usage: string;
  cost: string;
  error?: string;
  isInterrupted?: boolean;
}

const NAME_LENGTH = 60;
const DETAIL_LENGTH = 60;
const ERROR_LENGTH = 100;

/** One trace, depth first; what goes beyond `limit` lines is counted. */
export function rowsOf(roots: readonly Node[], limit: number): Row[] {
  const rows: Row[] = [];
  let left = 0;
  const visit = (node: Node, branch: string, indent: string): void => {
    if (rows.length >= limit) {
      left += 1 + descendants(node);
      return;
    }
    rows.push(rowOf(node.span, branch));
    node.children.forEach((child, i) => {
      const isLast = i === node.children.length - 1;
      visit(child, `${indent}${isLast ? '└─ ' : '├─ '}`, `${indent}${isLast ? '   ' : '│  '}`);
    });
  };
  for (const root of roots) visit(root, '', '');
  if (left > 0) {
    rows.push({
      branch: `… ${plural(left, 'more span')}`,
      name: '',
      detail: '',
      time: '',
      usage: '',
      cost: '',
    });
  }
  return rows;
}

const descendants = ({ children }: Node): number =>
  children.reduce((sum, child) => sum + 1 + descendants(child), 0);

function rowOf(span: TreeSpan, branch: string): Row {
  const isCall = isModelCall(span);
  return {
    branch,
    name: shorten(span.name, NAME_LENGTH),
    detail: shorten(detailOf(span), DETAIL_LENGTH),
    time: duration(span.end - span.start),
    usage: isCall ? tokens(span.input, span.output, span.cached) : '',
    cost: isCall && span.cost !== undefined ? dollars(span.cost) : '',
    error: span.error && shorten(span.error, ERROR_LENGTH),
    isInterrupted: span.isInterrupted,
  };
}

/** The model, and where a router or an alias answered with another one, that one too; or the entity's kind. */
function detailOf({ name, model, answeredBy, entity }: TreeSpan): string {
  if (model && answeredBy && !answeredBy.startsWith(model)) return `${model} → ${answeredBy}`;
  const said = model ?? answeredBy ?? entity ?? '';
  return name.split(/[ .]/).includes(said) ? '' : said;
}

/** The rows in columns; errors come right behind what there is, not in a column far to the right. */
export function printRows(rows: readonly Row[], colors: Colors): string[] {
  const label = ({ branch, name, detail }: Row) => branch + name + (detail && ` ${detail}`);
  const widest = (text: (row: Row) => string) => Math.max(0, ...rows.map((row) => text(row).length));
  const width = {
    label: widest(label),
    time: widest(({ time }) => time),
    usage: widest(({ usage }) => usage),
  };
  return rows.map((row) => {
    const name = row.error ? colors.red(row.name) : row.name;
    const detail = row.detail && ` ${colors.cyan(row.detail)}`;
    const columns = [
      colors.dim(row.branch) + name + detail + ' '.repeat(width.label - label(row).length),
      row.time.padStart(width.time),
    ];
    if (row.usage) columns.push(row.cost ? row.usage.padEnd(width.usage) : row.usage);
    if (row.cost) columns.push(row.cost);
    if (row.isInterrupted) columns.push(colors.yellow('interrupted'));
    if (row.error) columns.push(colors.red(`✗ ${row.error}`));
    return columns.join('  ').trimEnd();
  });
}
