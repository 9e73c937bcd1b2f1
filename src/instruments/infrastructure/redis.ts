import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { readable } from '../../config/safely';
import { defineInstrument, type LoadedModule } from '../kit/define';
import { patch } from '../kit/wrap';
import { instrumentation } from './instrumentation';
import { pastUnless } from './past';
import { dbStatementSerializer } from './redis-statement';

const upstream = instrumentation('redis', () => new RedisInstrumentation({ dbStatementSerializer }));

export const instrument = defineInstrument({
  id: 'redis',
  patchModule(module) {
    if (module.path === 'dist/lib/commander') return patchCommander(module);
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
      const { callback } = command as { callback?: unknown };
      return !callback || typeof callback === 'function';
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

type Transform = (...args: unknown[]) => { args: unknown[] };

/**
 * Of version 4. The instrumentation asks for the words of a command before the client does, and lets what that throws go to the
 * app, where the client would answer with a rejected promise.
 */
function patchCommander(module: LoadedModule): void {
  const { exports } = module as { exports: { transformCommandArguments?: Transform } };
  const transform = exports.transformCommandArguments;
  const careful: Transform = (...args) =>
    readable('a command', () => transform?.(...args)) ?? { args: ['(unreadable)'] };
  if (transform) exports.transformCommandArguments = careful;
  try {
    upstream.patchModule?.(module);
  } finally {
    if (transform) exports.transformCommandArguments = transform;
  }
}
