import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('express', () => new ExpressInstrumentation());
