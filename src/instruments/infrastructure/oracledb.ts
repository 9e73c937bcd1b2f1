import { OracleInstrumentation } from '@opentelemetry/instrumentation-oracledb';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('oracledb', () => new OracleInstrumentation());
