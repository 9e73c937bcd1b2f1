import { FsInstrumentation } from '@opentelemetry/instrumentation-fs';
import { builtinInstrumentation } from './builtin';

/** Only inside other spans: what Node reads to load modules would be hundreds of traces. */
export const instrument = builtinInstrumentation(
  'fs',
  () => new FsInstrumentation({ requireParentSpan: true }),
);
