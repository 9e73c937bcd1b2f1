import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace-base';
import { safely } from '../config/safely';
import { appSpanContext } from './app-globals';

const random = new RandomIdGenerator();

/**
 * A root span of ours inside a span of the app's own SDK takes that one's trace id: the two backends show the
 * same trace, and neither has a parent that it never gets.
 */
export const idGenerator: IdGenerator = {
  generateTraceId: () => safely('the trace id', appSpanContext)?.traceId ?? random.generateTraceId(),
  generateSpanId: () => random.generateSpanId(),
};
