import type { Span } from '@opentelemetry/sdk-trace-base';
import { type AttributeValue, type Context, createContextKey, type SpanContext } from './api';

/**
 * Attributes that every span started inside a context carries: the workflow and the path of tasks it belongs to,
 * association properties, and what the app propagates. A span's own attributes come first.
 */
export type InheritedAttributes = Readonly<Record<string, AttributeValue>>;

const INHERITED = createContextKey('respan: inherited attributes');
const ENTITY = createContextKey('respan: innermost entity');
const NO_CONTENT = createContextKey('respan: no content');

export function inheritedBy(context: Context): InheritedAttributes {
  return (context.getValue(INHERITED) as InheritedAttributes | undefined) ?? {};
}

/** `context` with `attributes` added; of two with the same name the inner one wins. */
export function withInherited(context: Context, attributes: InheritedAttributes): Context {
  return context.setValue(INHERITED, { ...inheritedBy(context), ...attributes });
}

/** The entity that runs, whatever span of a library's own is the active one. */
export function withEntity(context: Context, span: SpanContext): Context {
  return context.setValue(ENTITY, span);
}

export function entityIn(context: Context): SpanContext | undefined {
  return context.getValue(ENTITY) as SpanContext | undefined;
}

/** What is started inside is exported without content, whatever the setting says. */
export function withoutContent(context: Context): Context {
  return context.setValue(NO_CONTENT, true);
}

export function isWithoutContent(context: Context): boolean {
  return context.getValue(NO_CONTENT) === true;
}

export function inherit(span: Span, context: Context): void {
  const inherited = inheritedBy(context);
  for (const name in inherited) {
    if (!Object.hasOwn(span.attributes, name)) span.setAttribute(name, inherited[name]!);
  }
}
