import { NestInstrumentation } from '@opentelemetry/instrumentation-nestjs-core';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('nestjs_core', () => new NestInstrumentation(), {
  alsoVersions: '>=12.0.0 <13',
});
