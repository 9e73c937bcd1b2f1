import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { startBedrockProvider } from '../harness/bedrock-provider';
import { startCohereProvider } from '../harness/cohere-provider';
import { startCollector } from '../harness/collector';
import { startGoogleProvider } from '../harness/google-provider';
import { startOllamaProvider } from '../harness/ollama-provider';
import { fixtures, root } from '../harness/paths';
import { exportTo, type ProviderServer } from '../harness/provider-suite';
import { startReplicateProvider } from '../harness/replicate-provider';
import { runApp } from '../harness/run-app';
import { startSageMakerProvider } from '../harness/sagemaker-provider';
import { modelSpans } from '../harness/span-tree';
import { linkInto, tempApp } from '../harness/temp-app';
import { startWatsonxProvider } from '../harness/watsonx-provider';

/** Libraries inside an app's one file, which hands them over: `instrumentModules: { <id>: <given> }`. */
interface Handed {
  id: string;
  package: string;
  sdk: string;
  imports: string;
  given: string;
  calls: string;
  startServer(): Promise<ProviderServer>;
  expected: string[];
}

const AWS = `{ endpoint: url, region: 'us-east-1', credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' } }`;

const LIBRARIES: Handed[] = [
  {
    id: 'cohere',
    package: 'cohere-ai',
    sdk: 'cohere-8',
    imports: `import { CohereClient } from 'cohere-ai';`,
    given: 'CohereClient',
    calls: `
      const client = new CohereClient({ token: 'test', environment: url });
      await client.chat({ model: 'chat-1', message: 'hello' });
      for await (const _ of await client.v2.chatStream({ model: 'chat-1', messages: [{ role: 'user', content: 'hello' }] }));`,
    startServer: startCohereProvider,
    expected: ['cohere.chat', 'cohere.chat, streamed'],
  },
  {
    id: 'ollama',
    package: 'ollama',
    sdk: 'ollama-0.6',
    imports: `import ollama, { Ollama } from 'ollama';`,
    // The object that most apps import.
    given: 'ollama',
    calls: `
      const client = new Ollama({ host: url });
      const messages = [{ role: 'user', content: 'hello' }];
      await client.chat({ model: 'chat-1', messages });
      for await (const _ of await client.chat({ model: 'chat-1', messages, stream: true }));`,
    startServer: startOllamaProvider,
    expected: ['ollama.chat', 'ollama.chat, streamed'],
  },
  {
    id: 'replicate',
    package: 'replicate',
    sdk: 'replicate-1',
    imports: `import Replicate from 'replicate';`,
    given: 'Replicate',
    calls: `
      const client = new Replicate({ auth: 'test', baseUrl: url + '/v1' });
      await client.run('owner/text', { input: { prompt: 'hello' }, wait: { mode: 'poll', interval: 5 } });`,
    startServer: startReplicateProvider,
    expected: ['replicate.run'],
  },
  {
    id: 'google_generativeai',
    package: '@google/genai',
    sdk: 'genai-2',
    imports: `import * as genai from '@google/genai';`,
    given: 'genai',
    calls: `
      const { models } = new genai.GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: url } });
      await models.generateContent({ model: 'chat-1', contents: 'hello' });
      for await (const _ of await models.generateContentStream({ model: 'chat-1', contents: 'hello' }));`,
    startServer: startGoogleProvider,
    expected: ['google_generativeai.generate_content', 'google_generativeai.generate_content, streamed'],
  },
  {
    id: 'google_generativeai',
    package: '@google/generative-ai',
    sdk: 'generative-ai-0.24',
    imports: `import * as google from '@google/generative-ai';`,
    given: 'google',
    calls: `
      const ai = new google.GoogleGenerativeAI('test');
      await ai.getGenerativeModel({ model: 'chat-1' }, { baseUrl: url }).generateContent('hello');`,
    startServer: startGoogleProvider,
    expected: ['google_generativeai.generate_content'],
  },
  {
    id: 'bedrock',
    package: '@aws-sdk/client-bedrock-runtime',
    sdk: 'bedrock-3',
    imports: `import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';`,
    given: 'BedrockRuntimeClient',
    calls: `
      const client = new BedrockRuntimeClient(${AWS});
      const input = { modelId: 'amazon.nova-lite-v1:0', messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
      await client.send(new ConverseCommand(input));
      const { stream } = await client.send(new ConverseStreamCommand(input));
      for await (const _ of stream);
      client.destroy();`,
    startServer: startBedrockProvider,
    expected: ['bedrock.chat', 'bedrock.chat, streamed'],
  },
  {
    id: 'sagemaker',
    package: '@aws-sdk/client-sagemaker-runtime',
    sdk: 'sagemaker-3',
    imports: `import { SageMakerRuntimeClient, InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';`,
    given: 'SageMakerRuntimeClient',
    calls: `
      const client = new SageMakerRuntimeClient(${AWS});
      const Body = JSON.stringify({ messages: [{ role: 'user', content: 'hello' }] });
      await client.send(new InvokeEndpointCommand({ EndpointName: 'openai', ContentType: 'application/json', Body }));
      client.destroy();`,
    startServer: startSageMakerProvider,
    expected: ['sagemaker.chat'],
  },
  {
    id: 'watsonx',
    package: '@ibm-cloud/watsonx-ai',
    sdk: 'watsonx-1',
    imports: `
      import { WatsonXAI } from '@ibm-cloud/watsonx-ai';
      import { NoAuthAuthenticator } from '${join(fixtures, 'sdks/watsonx/node_modules/ibm-cloud-sdk-core')}';`,
    given: 'WatsonXAI',
    calls: `
      const client = WatsonXAI.newInstance({ version: '2024-05-31', serviceUrl: url, authenticator: new NoAuthAuthenticator() });
      await client.textChat({ modelId: 'chat-1', projectId: 'p', messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }] });`,
    startServer: startWatsonxProvider,
    expected: ['watsonx.chat'],
  },
];

describe.each(LIBRARIES)('$package in a bundle', (library) => {
  it.each(['esm', 'cjs'] as const)('is traced where it is handed over (%s)', async (format) => {
    const source = tempApp(
      {
        'app.mjs': `${library.imports}
          import { RespanTelemetry } from 'respan';
          new RespanTelemetry({ instrumentModules: { ${library.id}: ${library.given} } });
          const url = process.env.PROVIDER_URL;
          async function main() {${library.calls}
          }
          main();`,
      },
      { [library.package]: library.sdk },
    );
    linkInto(source, { respan: root });
    const outfile = join(source, 'bundle', format === 'esm' ? 'app.mjs' : 'app.cjs');
    await build({
      entryPoints: [join(source, 'app.mjs')],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      format,
      external: ['respan'],
      logLevel: 'error',
      banner:
        format === 'esm'
          ? {
              js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
            }
          : {},
    });
    const [provider, collector] = await Promise.all([library.startServer(), startCollector()]);
    try {
      const env = { PROVIDER_URL: provider.url, AWS_EC2_METADATA_DISABLED: 'true', ...exportTo(collector) };
      const run = await runApp({ app: outfile, cwd: source, node: '24', preload: 'none', env });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const spans = modelSpans(collector.spans());
      const told = spans.map(({ name, attributes }) =>
        attributes['gen_ai.request.stream'] ? `${name}, streamed` : name,
      );
      expect(told).toEqual(library.expected);
      for (const { scope, attributes } of spans) {
        expect(scope).toBe(`respan.${library.id}`);
        expect(attributes['gen_ai.output.messages']).toContain('MARK-');
      }
    } finally {
      await Promise.all([provider.close(), collector.close()]);
    }
  });
});
