import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('amqplib', () => new AmqplibInstrumentation());
