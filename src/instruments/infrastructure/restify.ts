import { RestifyInstrumentation } from '@opentelemetry/instrumentation-restify';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('restify', () => new RestifyInstrumentation());
