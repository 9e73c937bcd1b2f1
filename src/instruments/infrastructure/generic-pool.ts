import { GenericPoolInstrumentation } from '@opentelemetry/instrumentation-generic-pool';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('generic_pool', () => new GenericPoolInstrumentation());
