import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('pg', () => new PgInstrumentation());
