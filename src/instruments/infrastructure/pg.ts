import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { defineInstrument } from '../kit/define';
import { exactCallbacks } from './exact-callback';
import { instrumentation } from './instrumentation';

const upstream = instrumentation('pg', () => new PgInstrumentation());

type Class = { prototype: object } | undefined;

export const instrument = defineInstrument({
  id: 'pg',
  patchModule(module) {
    const { Client, default: standard } = module.exports as { Client?: Class; default?: Class };
    // Of a pool and of the file of a client it is what the module exports.
    const { prototype } = Client ?? standard ?? (module.exports as unknown as { prototype?: object });
    exactCallbacks(prototype, ['query', 'connect'], () => upstream.patchModule?.(module));
  },
});
