import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation(
  'ioredis',
  () => new IORedisInstrumentation({ requireParentSpan: false }),
);
