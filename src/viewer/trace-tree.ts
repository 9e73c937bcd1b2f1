import { type Colors, NO_COLORS } from './colors';
import { count } from './format';
import { nest } from './nest';
import { readLine, type TreeSpan } from './otlp-lines';
import { printRows, rowsOf } from './rows';
import { describeTotals, NO_TOTALS, plus, type Totals, totalsOf } from './totals';

export interface TreeOptions {
  colors?: Colors;
  /** The last ones are printed, the others only counted. */
  maxTraces?: number;
  /** Lines a trace. */
  maxLines?: number;
}

/** Spans of a trace may come after those of later traces: so many more traces are kept than are printed. */
const SPARE_TRACES = 50;
/** What a trace has beyond this is counted, and not kept. */
const MAX_KEPT_SPANS = 5_000;

export interface TraceTree {
  /** Takes one line of OTLP/JSON; false where it is not one. */
  add(line: string): boolean;
  isEmpty(): boolean;
  /** The trees of the last traces. */
  lines(): string[];
  /** The totals over all traces, in one line. */
  summary(): string;
}

/** Traces as trees for the terminal: OTLP/JSON in, text out. What it keeps is bounded, whatever comes in. */
export function createTraceTree(options: TreeOptions = {}): TraceTree {
  const { colors = NO_COLORS, maxTraces = 50, maxLines = 200 } = options;
  /** By trace id and span id; the trace that has been silent for longest comes first. */
  const traces = new Map<string, Map<string, TreeSpan>>();
  let dropped: Totals = NO_TOTALS;
  let droppedTraces = 0;

  function addSpan(span: TreeSpan): void {
    const trace = traces.get(span.traceId) ?? new Map<string, TreeSpan>();
    if (trace.size >= MAX_KEPT_SPANS && !trace.has(span.spanId)) {
      dropped = plus(dropped, totalsOf(nest([span])));
      return;
    }
    trace.set(span.spanId, span);
    traces.delete(span.traceId);
    traces.set(span.traceId, trace);
    if (traces.size > maxTraces + SPARE_TRACES) dropOldest();
  }

  function dropOldest(): void {
    for (const [id, trace] of traces) {
      traces.delete(id);
      dropped = plus(dropped, totalsOf(nest([...trace.values()])));
      droppedTraces += 1;
      return;
    }
  }

  const kept = () => [...traces.values()].map((trace) => nest([...trace.values()]));

  return {
    add(line) {
      const spans = readLine(line);
      for (const span of spans ?? []) addSpan(span);
      return spans !== undefined;
    },
    isEmpty: () => traces.size === 0,
    lines() {
      const all = kept().sort((a, b) => (a[0]?.span.start ?? 0) - (b[0]?.span.start ?? 0));
      const shown = all.slice(-maxTraces);
      const total = all.length + droppedTraces;
      const note = `${count(total)} traces, the last ${count(shown.length)} of them:`;
      return [
        ...(total > shown.length ? [colors.dim(note)] : []),
        ...printRows(
          shown.flatMap((roots) => rowsOf(roots, maxLines)),
          colors,
        ),
      ];
    },
    summary: () => describeTotals(kept().map(totalsOf).reduce(plus, dropped)),
  };
}

/** The trees of a whole OTLP/JSON lines text, and the line of totals. */
export function traceTree(text: string, options?: TreeOptions): { lines: string[]; summary: string } {
  const tree = createTraceTree(options);
  for (const line of text.split('\n')) tree.add(line);
  return { lines: tree.lines(), summary: tree.summary() };
}
