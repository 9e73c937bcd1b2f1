import { count, dollars, plural, tokens } from './format';
import type { Node } from './nest';
import { isModelCall } from './otlp-lines';

/** What a run amounts to. */
export interface Totals {
  spans: number;
  modelCalls: number;
  input: number;
  output: number;
  cached: number;
  cost: number;
  /** Model calls with tokens whose price is not known. */
  unpriced: number;
  errors: number;
  interrupted: number;
  folded: number;
}

export const NO_TOTALS: Totals = {
  spans: 0,
  modelCalls: 0,
  input: 0,
  output: 0,
  cached: 0,
  cost: 0,
  unpriced: 0,
  errors: 0,
  interrupted: 0,
  folded: 0,
};

export function plus(a: Totals, b: Totals): Totals {
  const sum = { ...a };
  for (const key of Object.keys(NO_TOTALS) as (keyof Totals)[]) sum[key] += b[key];
  return sum;
}

export function totalsOf(roots: readonly Node[]): Totals {
  return roots.map((root) => totalsOfNode(root, false)).reduce(plus, NO_TOTALS);
}

function totalsOfNode({ span, children, folded }: Node, isBelowCall: boolean): Totals {
  const isCall = isModelCall(span);
  const below = children.map((child) => totalsOfNode(child, isCall)).reduce(plus, NO_TOTALS);
  // An error that went up through its parents is one, and one that a retry of the call made good is none.
  const isOwnError = span.error !== undefined && below.errors === 0 && !(span.isHttpClient && isBelowCall);
  return plus(below, {
    spans: 1 + folded,
    modelCalls: isCall ? 1 : 0,
    // Agents and workflows repeat the tokens of the calls below them.
    input: (isCall && span.input) || 0,
    output: (isCall && span.output) || 0,
    cached: (isCall && span.cached) || 0,
    cost: (isCall && span.cost) || 0,
    unpriced: isCall && span.cost === undefined && (span.input ?? span.output) !== undefined ? 1 : 0,
    errors: isOwnError ? 1 : 0,
    interrupted: span.isInterrupted ? 1 : 0,
    folded,
  });
}

/** `7 spans, 3 model calls, 1,228 → 341 tokens (1,024 cached), $0.0123, 1 error, 3 HTTP spans hidden` */
export function describeTotals(totals: Totals): string {
  const { modelCalls, input, output, cached, cost, unpriced, errors, interrupted, folded } = totals;
  const parts = [plural(totals.spans, 'span')];
  if (modelCalls > 0) parts.push(plural(modelCalls, 'model call'));
  if (input > 0 || output > 0) parts.push(tokens(input, output || undefined, cached));
  if (cost > 0)
    parts.push(unpriced > 0 ? `${dollars(cost)} (${count(unpriced)} without a known price)` : dollars(cost));
  if (errors > 0) parts.push(plural(errors, 'error'));
  if (interrupted > 0) parts.push(`${count(interrupted)} interrupted`);
  if (folded > 0) parts.push(`${plural(folded, 'HTTP span')} hidden`);
  return parts.join(', ');
}
