import { LruMemoizerInstrumentation } from '@opentelemetry/instrumentation-lru-memoizer';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('lru_memoizer', () => new LruMemoizerInstrumentation());
