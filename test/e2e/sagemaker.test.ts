import { describeProvider } from '../harness/provider-suite';
import { startSageMakerProvider } from '../harness/sagemaker-provider';

describeProvider({
  fixture: 'sagemaker',
  versions: [
    { name: 'sagemaker-3.575', sdks: ['sagemaker-3.575'], nodes: ['20', '24'] },
    { name: 'sagemaker-3', sdks: ['sagemaker-3'], nodes: ['20', '24'] },
  ],
  startServer: startSageMakerProvider,
  // Not all of these have words of the app's in their input.
  spansOfStep: { CSV: 0, async: 0, 'no body': 0, 'unknown JSON': 1, unknown: 3 },
  env: { AWS_EC2_METADATA_DISABLED: 'true' },
});
