import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { instrumentation } from './instrumentation';
import { pastUnless } from './past';

const upstream = instrumentation('redis', () => new RedisInstrumentation());

export const instrument = defineInstrument({
  id: 'redis',
  patchModule(module) {
    const { RedisClient } = module.exports as { RedisClient?: { prototype: object } };
    if (module.package !== 'redis') return upstream.patchModule?.(module);
    // From version 4 on a front for @redis/client, which is where the commands are.
    if (!RedisClient) return;
    const seen = new WeakSet<object>();
    const isTraced = (self: unknown, [command]: unknown[]): boolean => {
      // A command that waits for the connection comes by once more.
      if (typeof command !== 'object' || command === null || seen.has(command)) return false;
      seen.add(command);
      const { ready } = self as { ready?: boolean };
      return ready === true || (command as { command?: unknown }).command !== 'info';
    };
    pastUnless(RedisClient.prototype, 'internal_send_command', isTraced, () =>
      upstream.patchModule?.(module),
    );
  },
});
