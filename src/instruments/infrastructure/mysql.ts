import { MySQLInstrumentation } from '@opentelemetry/instrumentation-mysql';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('mysql', () => new MySQLInstrumentation());
