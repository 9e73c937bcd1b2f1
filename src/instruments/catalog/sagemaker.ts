import { AWS_TESTED, awsFiles } from './aws';
import type { CatalogRow } from './row';

export const sagemaker: CatalogRow = {
  id: 'sagemaker',
  title: 'Amazon SageMaker',
  aliases: ['aws_sagemaker'],
  category: 'model',
  packages: [
    {
      name: '@aws-sdk/client-sagemaker-runtime',
      tested: AWS_TESTED,
      files: awsFiles('SageMakerRuntimeClient'),
      fromMain: { SageMakerRuntimeClient: 'dist-cjs/index SageMakerRuntimeClient' },
      mainClass: 'SageMakerRuntimeClient#send',
    },
  ],
  chunk: 'instrument-sagemaker',
};
