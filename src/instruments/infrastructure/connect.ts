import { ConnectInstrumentation } from '@opentelemetry/instrumentation-connect';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('connect', () => new ConnectInstrumentation());
