import { FsInstrumentation } from '@opentelemetry/instrumentation-fs';
import { builtinInstrumentation } from './builtin';

export const instrument = builtinInstrumentation('fs', () => new FsInstrumentation());
