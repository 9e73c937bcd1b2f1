import { syncBuiltinESMExports } from 'module';
import { builtin } from '../../config/builtin';
import { wholly } from '../../vendor/instrumentation';
import { defineInstrument, type Instrument } from '../kit/define';
import { definitionsOf } from './instrumentation';

/** A module of Node's, patched in place as soon as somebody has asked for it. */
export function builtinInstrumentation(
  id: string,
  create: () => Parameters<typeof definitionsOf>[0],
): Instrument {
  return defineInstrument({
    id,
    start() {
      wholly(() => {
        for (const { name, patch } of definitionsOf(create())) patch?.(builtin(name));
      });
      syncBuiltinESMExports();
    },
  });
}
