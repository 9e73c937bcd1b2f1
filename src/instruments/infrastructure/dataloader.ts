import { DataloaderInstrumentation } from '@opentelemetry/instrumentation-dataloader';
import { guarded } from '../../vendor/instrumentation';
import { instrumentation } from './instrumentation';

type Batch = (this: unknown, ...args: unknown[]) => unknown;

export const instrument = instrumentation('dataloader', () => {
  const made = new DataloaderInstrumentation();
  const patcher = made as unknown as { _wrapBatchLoadFn(batch: Batch): Batch };
  const wrap = patcher._wrapBatchLoadFn;
  // Whatever the app's function answers with is for DataLoader to judge.
  patcher._wrapBatchLoadFn = (batch) =>
    typeof batch === 'function'
      ? (guarded(made.instrumentationName, 'a batch function', batch, (watched) =>
          wrap.call(made, watched as Batch),
        ) as Batch)
      : wrap.call(made, batch);
  return made;
});
