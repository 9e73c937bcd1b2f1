import { AWS_TESTED, awsFiles } from './aws';
import type { CatalogRow } from './row';

export const bedrock: CatalogRow = {
  id: 'bedrock',
  title: 'Amazon Bedrock',
  aliases: ['aws_bedrock'],
  category: 'model',
  packages: [
    {
      name: '@aws-sdk/client-bedrock-runtime',
      tested: AWS_TESTED,
      files: awsFiles('BedrockRuntimeClient'),
      fromMain: { BedrockRuntimeClient: 'dist-cjs/index BedrockRuntimeClient' },
      mainClass: 'BedrockRuntimeClient#send',
    },
    {
      name: '@aws-sdk/client-bedrock-agent-runtime',
      tested: AWS_TESTED,
      files: awsFiles('BedrockAgentRuntimeClient'),
      fromMain: { BedrockAgentRuntimeClient: 'dist-cjs/index BedrockAgentRuntimeClient' },
    },
  ],
  chunk: 'kit',
};
