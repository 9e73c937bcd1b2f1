import { CucumberInstrumentation } from '@opentelemetry/instrumentation-cucumber';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('cucumber', () => new CucumberInstrumentation());
