import { DataloaderInstrumentation } from '@opentelemetry/instrumentation-dataloader';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('dataloader', () => new DataloaderInstrumentation());
