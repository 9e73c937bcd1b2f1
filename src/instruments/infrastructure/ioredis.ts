import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { defineInstrument } from '../kit/define';
import { instrumentation } from './instrumentation';
import { pastUnless } from './past';
import { dbStatementSerializer } from './redis-statement';

const upstream = instrumentation(
  'ioredis',
  () => new IORedisInstrumentation({ requireParentSpan: false, dbStatementSerializer }),
);

/** What the client says by itself when it connects, before the app's commands are let through. */
const GREETING = ['hello', 'auth', 'client', 'info', 'select', 'readonly', 'monitor'];

export const instrument = defineInstrument({
  id: 'ioredis',
  patchModule(module) {
    const { prototype } = (module.exports.default ?? module.exports) as { prototype: object };
    // A command that waits for the connection, or is sent again after a reconnection, comes by once more.
    const seen = new WeakSet<object>();
    const isTraced = (self: unknown, [command]: unknown[]): boolean => {
      if (typeof command !== 'object' || command === null || seen.has(command)) return false;
      seen.add(command);
      const { name } = command as { name?: unknown };
      const { status } = self as { status?: string };
      return status === 'ready' || !GREETING.includes(String(name).toLowerCase());
    };
    pastUnless(prototype, 'sendCommand', isTraced, () => upstream.patchModule?.(module));
  },
});
