import { CassandraDriverInstrumentation } from '@opentelemetry/instrumentation-cassandra-driver';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('cassandra_driver', () => new CassandraDriverInstrumentation());
