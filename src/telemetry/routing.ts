import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { log } from '../config/log';
import type { Attributes } from './api';

/** Names of the processors a span is meant for: a name, a list, or names with commas between (the older form). */
export const PROCESSORS = 'respan.processors';

/** The destinations that come from settings answer to this name. */
export const DEFAULT_PROCESSOR = 'default';

export function processorNames(value: unknown): string[] {
  const names = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  return names.map((name) => String(name).trim()).filter((name) => name !== '');
}

/** Where a finished span goes. */
export interface Route {
  /** Without a name every span is let through, with one those that name it. */
  name?: string;
  filter?: (span: ReadableSpan) => boolean;
}

/**
 * The `routes` that take `span`. One that names processors goes to those alone, unless there is none of that name:
 * a slip of the pen must not lose a span.
 */
export function routesOf<R extends Route>(routes: readonly R[], span: ReadableSpan): R[] {
  const named = processorNames((span.attributes as Attributes)[PROCESSORS]);
  const known = named.filter((name) => routes.some((route) => route.name === name));
  if (known.length < named.length) warnUnknown(named, known, routes);
  const wanted = known.length > 0 ? known : [DEFAULT_PROCESSOR];
  return routes.filter(
    (route) => (route.name === undefined || wanted.includes(route.name)) && passes(route, span),
  );
}

function passes({ name, filter }: Route, span: ReadableSpan): boolean {
  if (!filter) return true;
  try {
    const answer: unknown = filter(span);
    if (typeof (answer as PromiseLike<unknown> | undefined)?.then !== 'function') return Boolean(answer);
    // Its rejection is ours to handle, or it would end the app.
    (answer as PromiseLike<unknown>).then(undefined, () => {});
    warnOfFilter(name, 'answered with a promise');
  } catch (error) {
    warnOfFilter(name, `threw (${reasonOf(error)})`);
  }
  return true;
}

function warnOfFilter(name: string | undefined, what: string): void {
  const which = name === undefined ? 'a processor' : `processor ${JSON.stringify(name)}`;
  log.once('warn', `the filter of ${which} ${what}; such spans are let through`);
}

function warnUnknown(named: string[], known: string[], routes: readonly Route[]): void {
  const there = routes.flatMap(({ name }) => name ?? []);
  for (const name of named) {
    if (known.includes(name) || name === DEFAULT_PROCESSOR) continue;
    const instead = known.length > 0 ? '' : '; such spans go to the default one';
    log.once(
      'warn',
      `there is no processor ${JSON.stringify(name)} (there is ${[...new Set([DEFAULT_PROCESSOR, ...there])].join(', ')})${instead}`,
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
