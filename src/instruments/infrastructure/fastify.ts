import { FastifyInstrumentation } from '@opentelemetry/instrumentation-fastify';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('fastify', () => new FastifyInstrumentation());
