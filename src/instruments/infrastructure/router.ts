import { RouterInstrumentation } from '@opentelemetry/instrumentation-router';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('router', () => new RouterInstrumentation());
