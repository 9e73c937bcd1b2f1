import type { SpanLimits } from '@opentelemetry/sdk-trace-base';
import type { Config } from '../config/resolve';

/** The standard default of 128 silently drops attributes of spans that carry a user's metadata. */
const ATTRIBUTE_COUNT = 1024;
const COUNT = 128;

export function createLimits(otel: Config['otel']): SpanLimits {
  return {
    attributeCountLimit:
      otel.OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT ?? otel.OTEL_ATTRIBUTE_COUNT_LIMIT ?? ATTRIBUTE_COUNT,
    attributeValueLengthLimit:
      otel.OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT ?? otel.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT ?? Infinity,
    eventCountLimit: otel.OTEL_SPAN_EVENT_COUNT_LIMIT ?? COUNT,
    linkCountLimit: otel.OTEL_SPAN_LINK_COUNT_LIMIT ?? COUNT,
    attributePerEventCountLimit: otel.OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT ?? COUNT,
    attributePerLinkCountLimit: otel.OTEL_LINK_ATTRIBUTE_COUNT_LIMIT ?? COUNT,
  };
}
