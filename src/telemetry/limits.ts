import type { ReadableSpan, SpanLimits } from '@opentelemetry/sdk-trace-base';
import type { Config } from '../config/resolve';
import type { SpanStep } from './pipeline';
import { LIST_LIMIT, sizeOf } from './span-size';
import { isSuspicious } from './suspicious-text';

/** The standard default of 128 silently drops attributes of spans that carry a user's metadata. */
const ATTRIBUTE_COUNT = 1024;
const COUNT = 128;
/** Of one attribute, in characters; what the platform takes. */
const VALUE_LENGTH = 1_000_000;
/** Of all attributes of a span. */
const SPAN_LENGTH = 4_000_000;

export function createLimits(otel: Config['otel']): SpanLimits {
  return {
    attributeCountLimit:
      otel.OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT ?? otel.OTEL_ATTRIBUTE_COUNT_LIMIT ?? ATTRIBUTE_COUNT,
    // The SDK would cut JSON wherever it is long enough; see createLimitStep.
    attributeValueLengthLimit: Infinity,
    eventCountLimit: otel.OTEL_SPAN_EVENT_COUNT_LIMIT ?? COUNT,
    linkCountLimit: otel.OTEL_SPAN_LINK_COUNT_LIMIT ?? COUNT,
    attributePerEventCountLimit: otel.OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT ?? COUNT,
    attributePerLinkCountLimit: otel.OTEL_LINK_ATTRIBUTE_COUNT_LIMIT ?? COUNT,
  };
}

/**
 * Long values are shortened when a span has ended, in a way that leaves JSON what it is, and bytes in texts become
 * their type and size. Most spans are only looked at.
 */
export function createLimitStep(otel: Config['otel']): SpanStep {
  const given = otel.OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT ?? otel.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT;
  // As in the SDK, nothing is no limit.
  const limit = given === 0 ? Number.POSITIVE_INFINITY : (given ?? VALUE_LENGTH);
  return (span) => {
    if (isFine(span, limit)) return;
    const { limitSpan } = require('./shorten/span') as typeof import('./shorten/span');
    limitSpan(span, limit, SPAN_LENGTH);
  };
}

function isFine(span: ReadableSpan, limit: number): boolean {
  const fits = (attributes: object | undefined) => {
    for (const name in attributes) {
      const value = (attributes as Record<string, unknown>)[name];
      if (typeof value === 'string') {
        if (value.length > limit || isSuspicious(value)) return false;
      } else if (Array.isArray(value)) {
        if (value.length * 8 > Math.max(limit, LIST_LIMIT)) return false;
        for (const item of value)
          if (typeof item === 'string' && (item.length > limit || isSuspicious(item))) return false;
      }
    }
    return true;
  };
  const { message = '' } = span.status;
  return (
    fits(span.attributes) &&
    span.events.every(({ attributes }) => fits(attributes)) &&
    span.links.every(({ attributes }) => fits(attributes)) &&
    span.name.length <= 1_000 &&
    message.length <= limit &&
    !isSuspicious(message) &&
    sizeOf(span) <= SPAN_LENGTH
  );
}
