import { MongoDBInstrumentation } from '@opentelemetry/instrumentation-mongodb';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation(
  'mongodb',
  () => new MongoDBInstrumentation({ requireParentSpan: false }),
);
