import type { CollectedSpan } from './collector';

/**
 * Model spans as text to compare and to read in a snapshot: one block a span, in the order of the app's steps,
 * with every attribute. What differs from run to run by nature is replaced by its kind.
 */
export function modelSpanLines(selected: CollectedSpan[], spans = selected, step = stepOf): string {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return selected
    .map((span) => [step(span), modelOf(span), spanBlock(span, byId)] as const)
    .sort((a, b) => (a.join() < b.join() ? -1 : 1))
    .map(([step, , text]) => `[${step}] ${text}`)
    .join('\n\n');
}

/** The step of the fixture app that made the call: its prompt says so. */
export function stepOf({ attributes }: CollectedSpan): string {
  const text = String(attributes['gen_ai.input.messages'] ?? '');
  return /"content":"\[([^\]"]+)\]/.exec(text)?.[1] ?? 'unknown';
}

function modelOf({ attributes }: CollectedSpan): string {
  return String(attributes['gen_ai.request.model'] ?? '');
}

/** One span and its parent's name, with every attribute. */
export function spanBlock(span: CollectedSpan, byId: Map<string, CollectedSpan>): string {
  const parent = span.parentSpanId ? (byId.get(span.parentSpanId)?.name ?? 'missing') : 'root';
  return [`${span.name} < ${parent}, ${statusOf(span)}`, ...detailLines(span)].join('\n');
}

export function statusOf({ status: { code, message } }: CollectedSpan): string {
  return `${['unset', 'ok', 'error'][code]}${message ? `: ${withoutPort(message)}` : ''}`;
}

/** Events and attributes, one a line. */
export function detailLines(span: CollectedSpan): string[] {
  return [
    ...span.events.map((event) => `  event: ${event.name} ${detailsOf(event)}`),
    ...Object.entries(span.attributes)
      .map(([name, value]) => `  ${name} = ${JSON.stringify(levelled(name, value))}`)
      .sort(),
  ];
}

/** Of an exception its type: the rest is in the status, or a stack. */
const detailsOf = ({ name, attributes }: CollectedSpan['events'][number]): unknown =>
  name === 'exception' ? (attributes['exception.type'] ?? '') : withoutPort(JSON.stringify(attributes));

function levelled(name: string, value: unknown): unknown {
  if (name === 'server.port' && value !== 443 && value !== 1) return '<port>';
  if (name === 'gen_ai.response.time_to_first_chunk') return typeof value === 'number' ? '<seconds>' : value;
  if (typeof value !== 'string') return value;
  if (name === 'gen_ai.response.id') return value.replace(/[-_][\w-]{12,}$/, '-<id>');
  return withoutPort(value);
}

const withoutPort = (text: string): string => text.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>');
