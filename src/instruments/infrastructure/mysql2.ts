import { MySQL2Instrumentation } from '@opentelemetry/instrumentation-mysql2';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('mysql2', () => new MySQL2Instrumentation());
