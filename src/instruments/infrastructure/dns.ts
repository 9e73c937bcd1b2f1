import { DnsInstrumentation } from '@opentelemetry/instrumentation-dns';
import { builtinInstrumentation } from './builtin';

export const instrument = builtinInstrumentation('dns', () => new DnsInstrumentation());
