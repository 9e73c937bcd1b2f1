import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('grpc', () => new GrpcInstrumentation());
