import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { instrumentation } from './instrumentation';
import { pastUnless } from './past';

const upstream = instrumentation('redis', () => new RedisInstrumentation());

export const instrument = defineInstrument({
  id: 'redis',
  patchModule(module) {
    if (module.package !== 'redis') return upstream.patchModule?.(module);
    const { RedisClient } = module.exports as { RedisClient?: { prototype: object } };
    // From version 4 on a front for @redis/client, which is where the commands are.
    if (!RedisClient) return;
    let isGreeting = false;
    const seen = new WeakSet<object>();
    const isTraced = (_: unknown, [command]: unknown[]): boolean => {
      // A command that waits for the connection comes by once more.
      if (isGreeting || typeof command !== 'object' || command === null || seen.has(command)) return false;
      seen.add(command);
      return true;
    };
    const { prototype } = RedisClient;
    pastUnless(prototype, 'internal_send_command', isTraced, () => upstream.patchModule?.(module));
    // What the client asks by itself when it has connected.
    patch((wrap) => {
      wrap(prototype, 'ready_check', (original) => {
        return function (...args) {
          isGreeting = true;
          try {
            return original.apply(this, args);
          } finally {
            isGreeting = false;
          }
        };
      });
    });
  },
});
