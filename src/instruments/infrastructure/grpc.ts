import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { SpanKind } from '../../telemetry/api';
import { withholdTraceContext } from '../../telemetry/propagator';
import { instrumentation } from './instrumentation';
import { intercepted } from './intercepted';

/** Services of vendors of models and vector stores, by the packages of their protocols: they get nothing of ours. */
const VENDORS = /^grpc\.(google|milvus|qdrant|weaviate)\./;

export const instrument = instrumentation('grpc', () => new GrpcInstrumentation(), {
  provider: (ours) =>
    intercepted(ours, ({ name, options }, go) => {
      // The instrumentation injects right after.
      withholdTraceContext(options?.kind === SpanKind.CLIENT && VENDORS.test(name));
      return go();
    }),
});
