import { TediousInstrumentation } from '@opentelemetry/instrumentation-tedious';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('tedious', () => new TediousInstrumentation());
