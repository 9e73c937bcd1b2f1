import { NetInstrumentation } from '@opentelemetry/instrumentation-net';
import { builtinInstrumentation } from './builtin';

export const instrument = builtinInstrumentation('net', () => new NetInstrumentation());
