import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { SpanKind } from '../../telemetry/api';
import { withholdTraceContext } from '../../telemetry/propagator';
import { exactCallbacks } from './exact-callback';
import { instrumentation } from './instrumentation';
import { intercepted } from './intercepted';

/** Services of vendors of models and vector stores, by the packages of their protocols: they get nothing of ours. */
const VENDORS = /^grpc\.(google|milvus|qdrant|weaviate)\./;

export const instrument = instrumentation('grpc', () => withExactCallbacks(new GrpcInstrumentation()), {
  provider: (ours) =>
    intercepted(ours, ({ name, options }, go) => {
      // The instrumentation injects right after.
      withholdTraceContext(options?.kind === SpanKind.CLIENT && VENDORS.test(name));
      return go();
    }),
});

type Wrap = (target: object, name: string, wrapper: unknown) => unknown;
type MassWrap = (target: object, names: string[], wrapper: unknown) => void;

/** Methods of clients, those made for a service and those they are made of. */
function withExactCallbacks(made: GrpcInstrumentation): GrpcInstrumentation {
  const patcher = made as unknown as { _wrap: Wrap; _massWrap: MassWrap };
  const { _wrap: wrap, _massWrap: massWrap } = patcher;
  patcher._wrap = (target, name, wrapper) => {
    if (!/^make\w+Request$/.test(name)) return wrap(target, name, wrapper);
    return exactCallbacks(target, [name], () => wrap(target, name, wrapper));
  };
  patcher._massWrap = (target, names, wrapper) =>
    exactCallbacks(target, names, () => massWrap(target, names, wrapper));
  return made;
}
