import { KoaInstrumentation } from '@opentelemetry/instrumentation-koa';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('koa', () => new KoaInstrumentation());
