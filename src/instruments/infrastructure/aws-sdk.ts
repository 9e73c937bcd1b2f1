import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk';
import { instrumentation } from './instrumentation';

/** Instruments of our own follow the calls of these, or are blocked. */
const OURS = /^(Bedrock ?Runtime|Bedrock ?Agent ?Runtime|SageMaker ?Runtime( ?HTTP2)?)(Client)?$/;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Patch = (moduleVersion: string, original: AnyFunction) => AnyFunction;
type Patches = Record<'_getV3SmithyClientSendPatch' | '_getV3MiddlewareStackResolvePatch', Patch>;

export const instrument = instrumentation('aws_sdk', () => {
  const made = new AwsInstrumentation();
  pastUnless(made, '_getV3SmithyClientSendPatch', (client, [command]) => {
    // What is no command is the client's to refuse.
    if (typeof command !== 'object' || command === null) return false;
    const { serviceId } = ((client as { config?: object }).config ?? {}) as { serviceId?: string };
    return !OURS.test(serviceId ?? '');
  });
  pastUnless(made, '_getV3MiddlewareStackResolvePatch', (_, [, context]) => {
    const { clientName } = (context ?? {}) as { clientName?: string };
    return !OURS.test(clientName ?? '');
  });
  return made;
});

/** Sends calls that are not to be traced past the patch that the instrumentation would make. */
function pastUnless(
  made: AwsInstrumentation,
  name: keyof Patches,
  isTraced: (self: unknown, args: unknown[]) => boolean,
): void {
  const patches = made as unknown as Patches;
  const patchOf = patches[name].bind(made);
  patches[name] = (moduleVersion, original) => {
    const traced = patchOf(moduleVersion, original);
    return function (...args) {
      return (isTraced(this, args) ? traced : original).apply(this, args);
    };
  };
}
