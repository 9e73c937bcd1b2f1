import { BunyanInstrumentation } from '@opentelemetry/instrumentation-bunyan';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation(
  'bunyan',
  () => new BunyanInstrumentation({ disableLogSending: true }),
);
