import { WinstonInstrumentation } from '@opentelemetry/instrumentation-winston';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation(
  'winston',
  () => new WinstonInstrumentation({ disableLogSending: true }),
);
