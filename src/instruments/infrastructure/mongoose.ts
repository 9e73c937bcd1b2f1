import { MongooseInstrumentation } from '@opentelemetry/instrumentation-mongoose';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('mongoose', () => new MongooseInstrumentation());
