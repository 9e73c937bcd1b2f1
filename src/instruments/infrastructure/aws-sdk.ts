import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk';
import { instrumentation } from './instrumentation';

/** Instruments of our own follow the calls of these, or are blocked. */
const OURS = /^(BedrockRuntime|BedrockAgentRuntime|SageMakerRuntime|SageMakerRuntimeHTTP2)Client$/;

type Resolve = (this: unknown, handler: unknown, context: { clientName?: string }) => unknown;
interface Patches {
  _getV3MiddlewareStackResolvePatch(moduleVersion: string, original: Resolve): Resolve;
}

export const instrument = instrumentation('aws_sdk', () => {
  const made = new AwsInstrumentation();
  const patches = made as unknown as Patches;
  const patchOf = patches._getV3MiddlewareStackResolvePatch.bind(made);
  patches._getV3MiddlewareStackResolvePatch = (moduleVersion, original) => {
    const traced = patchOf(moduleVersion, original);
    return function (handler, context) {
      return (OURS.test(context.clientName ?? '') ? original : traced).call(this, handler, context);
    };
  };
  return made;
});
