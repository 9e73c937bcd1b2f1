import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('aws_sdk', () => new AwsInstrumentation());
