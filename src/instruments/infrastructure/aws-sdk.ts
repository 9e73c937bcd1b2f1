import { safely } from '../../config/safely';
import { defineInstrument } from '../kit/define';
import { layerAbove } from '../kit/layer';

/** Instruments of our own follow the calls of these, or are blocked. */
const OURS = /^(Bedrock ?Runtime|Bedrock ?Agent ?Runtime|SageMaker ?Runtime( ?HTTP2)?)(Client)?$/;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const patched = new WeakSet<object>();

/**
 * The AWS SDK, by OpenTelemetry's instrumentation, which is made with the first command that it is to see. Its patch of `send`
 * sees to the stacks of the client, and so to all that a command runs through; a stack that is put together without being sent
 * (a signed URL) is no call.
 */
export const instrument = defineInstrument({
  id: 'aws_sdk',
  patchModule({ exports, version, skip }) {
    const { prototype } = (exports.Client ?? {}) as { prototype?: object };
    // A re-export of what is in another package.
    if (!prototype) return skip?.('it has no client');
    // One class by two names.
    if (patched.has(prototype)) return;
    patched.add(prototype);
    // Not in the way of instruments that wrap the `send` of clients of theirs, which inherit this one.
    layerAbove(prototype, ['send'], (copy) => {
      copy.send = sending(copy.send!, version);
    });
  },
});

function sending(original: AnyFunction, version: string | undefined): AnyFunction {
  let traced: AnyFunction | undefined;
  const follow = () => {
    const { tracedSend } = require('./aws-commands') as typeof import('./aws-commands');
    return (traced ??= tracedSend(original, version));
  };
  return {
    send(this: unknown, ...args: unknown[]) {
      const send = safely('the aws_sdk instrument', () => (isTraced(this, args) ? follow() : undefined));
      return (send ?? original).apply(this, args);
    },
  }.send;
}

function isTraced(client: unknown, [command]: unknown[]): boolean {
  // What is no command is the client's to refuse.
  if (!Object.isExtensible(command)) return false;
  const { serviceId } = ((client as { config?: object }).config ?? {}) as { serviceId?: string };
  return !OURS.test(serviceId ?? '');
}
