import { HapiInstrumentation } from '@opentelemetry/instrumentation-hapi';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('hapi', () => new HapiInstrumentation());
