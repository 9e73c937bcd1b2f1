import { MySQLInstrumentation } from '@opentelemetry/instrumentation-mysql';
import { instrumentation } from './instrumentation';
import { unnested } from './unnested';

export const instrument = instrumentation('mysql', () => new MySQLInstrumentation(), { provider: unnested });
