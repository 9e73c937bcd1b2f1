import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk';
import { safely } from '../../config/safely';
import { telemetry } from '../../telemetry/telemetry';
import { copied, hidden, isObject } from './copied';

/** What the instrumentation writes the trace context into, by the client's name. */
const CARRIERS = /^(SQS|SNS|Lambda)(Client)?$/;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Patch = (moduleVersion: string | undefined, original: AnyFunction) => AnyFunction;
type Patches = Record<'_getV3SmithyClientSendPatch' | '_getV3MiddlewareStackResolvePatch', Patch>;

let made: AwsInstrumentation | undefined;

/** OpenTelemetry's instrumentation of `send`, above `original`. Made with the first command. */
export function tracedSend(original: AnyFunction, version: string | undefined): AnyFunction {
  made ??= create();
  const send = (made as unknown as Patches)._getV3SmithyClientSendPatch(version, original);
  return function (command, ...rest) {
    const answer = send.call(this, command, ...rest);
    // The client's settings are kept on the command, which apps print.
    if (isObject(command)) hidden(command, ...Object.getOwnPropertySymbols(command).filter(isUpstreams));
    return answer;
  };
}

function create(): AwsInstrumentation {
  const instrumentation = new AwsInstrumentation();
  instrumentation.setTracerProvider(telemetry().provider);
  const patches = instrumentation as unknown as Patches;
  const resolving = patches._getV3MiddlewareStackResolvePatch.bind(instrumentation);
  patches._getV3MiddlewareStackResolvePatch = (moduleVersion, original) => {
    const resolve = resolving(moduleVersion, original);
    return function (...args) {
      const handle = resolve.apply(this, args) as AnyFunction;
      if (!CARRIERS.test(clientName(args))) return handle;
      return function (this: unknown, command, ...rest) {
        return handle.call(this, withOwnInput(command), ...rest);
      } as AnyFunction;
    };
  };
  const { servicesExtensions } = instrumentation as unknown as { servicesExtensions: Extensions };
  const { requestPostSpanHook: hook } = servicesExtensions;
  // In a promise that nobody waits for: what is thrown there ends the process.
  servicesExtensions.requestPostSpanHook = (request) =>
    safely('the aws_sdk instrument', () => hook.call(servicesExtensions, request));
  return instrumentation;
}

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
