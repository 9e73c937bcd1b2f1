import { MemcachedInstrumentation } from '@opentelemetry/instrumentation-memcached';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('memcached', () => new MemcachedInstrumentation());
