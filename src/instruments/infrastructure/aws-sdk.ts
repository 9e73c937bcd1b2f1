import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk';
import { safely } from '../../config/safely';
import { defineInstrument } from '../kit/define';
import { copied, hidden, isObject } from './copied';
import { instrumentation } from './instrumentation';

/** Instruments of our own follow the calls of these, or are blocked. */
const OURS = /^(Bedrock ?Runtime|Bedrock ?Agent ?Runtime|SageMaker ?Runtime( ?HTTP2)?)(Client)?$/;

/** What the instrumentation writes the trace context into, by the client's name. */
const CARRIERS = /^(SQS|SNS|Lambda)(Client)?$/;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Patch = (moduleVersion: string, original: AnyFunction) => AnyFunction;
type Patches = Record<'_getV3SmithyClientSendPatch' | '_getV3MiddlewareStackResolvePatch', Patch>;

const upstream = instrumentation('aws_sdk', () => {
  const made = new AwsInstrumentation();
  pastUnless(made, '_getV3SmithyClientSendPatch', (client, [command]) => {
    // What is no command is the client's to refuse.
    if (!isObject(command) || !Object.isExtensible(command)) return false;
    const { serviceId } = ((client as { config?: object }).config ?? {}) as { serviceId?: string };
    return !OURS.test(serviceId ?? '');
  });
  pastUnless(made, '_getV3MiddlewareStackResolvePatch', (_, args) => !OURS.test(clientName(args)));
  const patches = made as unknown as Patches;
  const { _getV3SmithyClientSendPatch: sending, _getV3MiddlewareStackResolvePatch: resolving } = patches;
  // The client's settings are kept on the command, which apps print.
  patches._getV3SmithyClientSendPatch = (moduleVersion, original) => {
    const send = sending.call(made, moduleVersion, original);
    return function (command, ...rest) {
      const answer = send.call(this, command, ...rest);
      if (isObject(command)) hidden(command, ...Object.getOwnPropertySymbols(command).filter(isUpstreams));
      return answer;
    };
  };
  patches._getV3MiddlewareStackResolvePatch = (moduleVersion, original) => {
    const resolve = resolving.call(made, moduleVersion, original);
    return function (...args) {
      const handle = resolve.apply(this, args) as AnyFunction;
      if (!CARRIERS.test(clientName(args))) return handle;
      return function (this: unknown, command, ...rest) {
        return handle.call(this, withOwnInput(command), ...rest);
      } as AnyFunction;
    };
  };
  const { servicesExtensions } = made as unknown as { servicesExtensions: Extensions };
  const { requestPostSpanHook: hook } = servicesExtensions;
  // In a promise that nobody waits for: what is thrown there ends the process.
  servicesExtensions.requestPostSpanHook = (request) =>
    safely('the aws_sdk instrument', () => hook.call(servicesExtensions, request));
  return made;
});

/** What bundlers inline, by what Node loads in its place, which is what the instrumentation knows. */
const ES_MODULES: Record<string, string> = {
  'dist-es/submodules/client/smithy-client/client': 'dist-cjs/submodules/client/index',
  'dist-es/client': '.',
};

export const instrument = defineInstrument({
  id: 'aws_sdk',
  patchModule: (module) =>
    upstream.patchModule?.({ ...module, path: ES_MODULES[module.path] ?? module.path }),
});

function clientName([, context]: unknown[]): string {
  return ((context ?? {}) as { clientName?: string }).clientName ?? '';
}

interface Extensions {
  requestPostSpanHook(request: unknown): void;
}

const isUpstreams = ({ description }: symbol): boolean =>
  description?.startsWith('opentelemetry.instrumentation.aws-sdk') === true;

/** The trace context of a message goes into a copy of what the app wants to have sent. */
function withOwnInput(command: unknown): unknown {
  const { input } = (command ?? {}) as { input?: Input };
  if (!isObject(command) || !isObject(input)) return command;
  const { Entries: entries } = input;
  const own = copied(input, ownAttributes(input));
  if (Array.isArray(entries)) {
    own.Entries = entries.map((one: unknown) => (isObject(one) ? copied(one, ownAttributes(one)) : one));
  }
  const { input: described, ...rest } = Object.getOwnPropertyDescriptors(command) as PropertyDescriptorMap;
  return Object.create(command, { ...rest, input: { ...described, value: own } });
}

interface Input {
  Entries?: unknown;
  MessageAttributes?: object;
}

const ownAttributes = ({ MessageAttributes: given }: Input): Input =>
  isObject(given) ? { MessageAttributes: copied(given) } : {};

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
