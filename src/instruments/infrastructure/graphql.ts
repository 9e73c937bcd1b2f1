import { GraphQLInstrumentation } from '@opentelemetry/instrumentation-graphql';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation(
  'graphql',
  () => new GraphQLInstrumentation({ ignoreTrivialResolveSpans: true }),
);
