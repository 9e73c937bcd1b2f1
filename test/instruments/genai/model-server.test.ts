import { expect, it } from 'vitest';
import { isModelServer, isVectorStoreVendor } from '../../../src/instruments/genai/providers';

it.each([
  ['api.openai.com', 443],
  ['my-resource.openai.azure.com', 443],
  ['europe-west4-aiplatform.googleapis.com', 443],
  ['bedrock-runtime.us-east-1.amazonaws.com', 443],
  ['bedrock-agent-runtime.us-east-1.amazonaws.com', 443],
  ['bedrock-runtime.us-east-1.api.aws', 443],
  ['bedrock-runtime.cn-north-1.amazonaws.com.cn', 443],
  ['runtime.sagemaker.us-east-1.amazonaws.com', 443],
  ['localhost', 11434],
])('%s:%i is a model vendor', (address, port) => {
  expect(isModelServer(address, port)).toBe(true);
});

it.each([
  ['my-service.internal', 443],
  ['api.openai.com.evil.example', 443],
  ['abc.execute-api.us-east-1.amazonaws.com', 443],
  ['bucket.s3.us-east-1.amazonaws.com', 443],
  ['lambda.us-east-1.api.aws', 443],
  ['localhost', 8000],
  ['127.0.0.1', 1234],
  ['', 80],
])('%s:%i may be a service of the app', (address, port) => {
  expect(isModelServer(address, port)).toBe(false);
});

it('knows where the makers of vector stores run them', () => {
  const vendors = [
    'api.pinecone.io',
    'a-1.svc.us-east-1-aws.pinecone.io',
    'api.trychroma.com',
    'x.cloud.qdrant.io',
  ];
  const others = ['localhost', 'qdrant.internal', 'pinecone.io.evil.example', 'mypinecone.io', ''];
  expect(vendors.filter(isVectorStoreVendor)).toEqual(vendors);
  expect(others.filter(isVectorStoreVendor)).toEqual([]);
});
