import { KnexInstrumentation } from '@opentelemetry/instrumentation-knex';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('knex', () => new KnexInstrumentation());
