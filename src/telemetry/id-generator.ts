import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace-base';
import { safely } from '../config/safely';
import { appSpanContext } from './app-globals';

const random = new RandomIdGenerator();

let adopted: string | undefined;

/** The next root span is part of this trace, without having a parent in it. */
export function adoptTraceId(traceId: string | undefined): void {
  adopted = traceId;
}

/**
 * A root span of ours inside a span of the app's own SDK takes that one's trace id: the two backends show the
 * same trace, and neither has a parent that it never gets.
 */
export const idGenerator: IdGenerator = {
  generateTraceId() {
    const traceId = adopted ?? safely('the trace id', appSpanContext)?.traceId;
    adopted = undefined;
    return traceId ?? random.generateTraceId();
  },
  generateSpanId: () => random.generateSpanId(),
};
