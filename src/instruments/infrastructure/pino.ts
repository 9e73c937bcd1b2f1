import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('pino', () => new PinoInstrumentation({ disableLogSending: true }));
