import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('redis', () => new RedisInstrumentation());
