import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('kafkajs', () => new KafkaJsInstrumentation());
