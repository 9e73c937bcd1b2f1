import { describe, expect, it } from 'vitest';
import { agentCommands } from '../../src/instruments/bedrock/agent-commands';
import { runtimeCommands } from '../../src/instruments/bedrock/runtime-commands';
import type { StreamAccumulator } from '../../src/instruments/genai/types';
import { invokeAgent } from '../../src/instruments/shapes/bedrock/agent';
import { converse } from '../../src/instruments/shapes/bedrock/converse';
import { chunkOf, invokeModel } from '../../src/instruments/shapes/bedrock/invoke';

const sender = { baseURL: 'https://bedrock-runtime.us-east-1.amazonaws.com' };
const text = (content: string) => ({ type: 'text', content });
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function collect(accumulator: StreamAccumulator<unknown>, chunks: unknown[]) {
  for (const chunk of chunks) accumulator.add(chunk);
  return accumulator.response();
}

describe('converse', () => {
  const request = (body: Record<string, unknown>) => converse.request(body, sender);

  it('reads parameters and server', () => {
    expect(
      request({
        modelId: 'amazon.nova-pro-v1:0',
        inferenceConfig: { maxTokens: 5, temperature: 0, topP: 1, stopSequences: ['x'] },
        additionalModelRequestFields: {
          inferenceConfig: { topK: 7 },
          reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' },
        },
        outputConfig: { textFormat: { type: 'json_schema' } },
      }),
    ).toMatchObject({
      operation: 'chat',
      provider: 'aws.bedrock',
      model: 'amazon.nova-pro-v1:0',
      serverAddress: 'bedrock-runtime.us-east-1.amazonaws.com',
      serverPort: 443,
      maxTokens: 5,
      temperature: 0,
      topP: 1,
      topK: 7,
      stopSequences: ['x'],
      reasoningEffort: 'low',
      outputType: 'json',
      messages: [],
      tools: [],
    });
  });

  it('names media by their kind and size, as bytes and as base64', () => {
    const base64 = Buffer.alloc(30).toString('base64');
    const content = [
      { image: { format: 'png', source: { bytes: new Uint8Array(30) } } },
      { image: { format: 'png', source: { bytes: base64 } } },
      { video: { format: 'mp4', source: { s3Location: { uri: 's3://b/k' } } } },
      { document: { format: 'txt', name: 'n', source: { text: 'words' } } },
      { document: { format: 'pdf', name: 'n', source: { content: [{ text: 'words' }] } } },
    ];
    const { messages } = request({ messages: [{ role: 'user', content }] });
    expect(messages?.[0]?.parts).toEqual([
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 30 },
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 30 },
      { type: 'uri', modality: 'video', uri: 's3://b/k', mime_type: 'video/mp4' },
      { type: 'document', title: 'n', content: 'words' },
      { type: 'document', title: 'n', content: [text('words')] },
    ]);
  });

  it('tells reasoning, calls on the server, citations and unknown blocks', () => {
    const content = [
      { reasoningContent: { redactedContent: new Uint8Array(3) } },
      { $unknown: ['reasoningContent', { reasoningText: { text: 'thought' } }] },
      { toolUse: { toolUseId: 't', name: 'search', input: { q: 1 }, type: 'server_tool_use' } },
      { citationsContent: { content: [{ text: 'cited' }], citations: [{ title: 'c' }] } },
      { searchResult: { source: 's', bytes: new Uint8Array(9) } },
    ];
    expect(converse.response({ output: { message: { role: 'assistant', content } } }).messages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: '[redacted]' },
          { type: 'reasoning', content: 'thought' },
          {
            type: 'server_tool_call',
            id: 't',
            name: 'search',
            server_tool_call: { type: 'server_tool_use', arguments: { q: 1 } },
          },
          { type: 'text', content: 'cited', citations: [{ title: 'c' }] },
          { type: 'searchResult', searchResult: { source: 's', bytes: '[9 bytes]' } },
        ],
      },
    ]);
  });

  it('has the variables of a prompt that is kept at Bedrock', () => {
    expect(
      request({ modelId: 'arn:…:prompt/P', promptVariables: { city: { text: 'Rome' } } }).messages,
    ).toEqual([{ role: 'user', parts: [{ type: 'prompt_variables', variables: { city: 'Rome' } }] }]);
  });

  it('counts cached tokens in, and leaves out what is not told', () => {
    const usage = (given: unknown) => converse.response({ usage: given }).usage;
    expect(
      usage({ inputTokens: 3, outputTokens: 2, cacheReadInputTokens: 10, cacheWriteInputTokens: 5 }),
    ).toEqual({
      input: 18,
      output: 2,
      cacheRead: 10,
      cacheWrite: 5,
    });
    expect(usage({ inputTokens: 0, outputTokens: 0 })).toMatchObject({ input: 0, output: 0 });
    expect(usage(undefined)).toBeUndefined();
  });

  it('puts a stream together, whole or cut short', () => {
    const events = [
      { messageStart: { role: 'assistant' } },
      {
        contentBlockDelta: {
          contentBlockIndex: 0,
          delta: { $unknown: ['reasoningContent', { text: 'th' }] },
        },
      },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text: 'ink' } } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { text: 'Hel' } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { citation: { title: 'c' } } } },
      { contentBlockStart: { contentBlockIndex: 2, start: { toolUse: { toolUseId: 't', name: 'f' } } } },
      { contentBlockDelta: { contentBlockIndex: 2, delta: { toolUse: { input: '{"a"' } } } },
    ];
    const parts = (more: unknown[]) =>
      collect(converse.accumulator!(), [...events, ...more]).messages?.[0]?.parts;
    const before = [
      { type: 'reasoning', content: 'think' },
      { type: 'text', content: 'Hel', citations: [{ title: 'c' }] },
    ];
    expect(parts([])).toEqual([...before, { type: 'tool_call', id: 't', name: 'f', arguments: '{"a"' }]);
    const rest = { contentBlockDelta: { contentBlockIndex: 2, delta: { toolUse: { input: ':1}' } } } };
    expect(parts([rest, undefined, 'noise', { $unknown: ['x', {}] }])).toEqual([
      ...before,
      { type: 'tool_call', id: 't', name: 'f', arguments: { a: 1 } },
    ]);
    expect(collect(converse.accumulator!(), []).messages).toEqual([]);
  });

  it('keeps blocks of other kinds that come in pieces', () => {
    const [message] = collect(converse.accumulator!(), [
      { contentBlockStart: { contentBlockIndex: 0, start: { toolResult: { toolUseId: 't' } } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { toolResult: [{ text: 'found' }] } } },
      { contentBlockStart: { contentBlockIndex: 1, start: { image: { format: 'png' } } } },
      {
        contentBlockDelta: {
          contentBlockIndex: 1,
          delta: { image: { source: { bytes: new Uint8Array(4) } } },
        },
      },
      { contentBlockDelta: { contentBlockIndex: 2, delta: { hologram: 1 } } },
    ]).messages!;
    expect(message?.parts).toEqual([
      { type: 'tool_call_response', id: 't', response: 'found' },
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 4 },
      { type: 'hologram', hologram: 1 },
    ]);
  });
});

describe('invokeModel', () => {
  it.each([
    ['us.anthropic.claude-sonnet-4-20250514-v1:0', { messages: [] }, 'chat'],
    ['arn:aws:bedrock:x:1:application-inference-profile/a', { anthropic_version: 'b', messages: [] }, 'chat'],
    ['anthropic.claude-v2', { prompt: 'p' }, 'completion'],
    ['amazon.nova-lite-v1:0', { messages: [] }, 'chat'],
    ['amazon.titan-text-express-v1', { inputText: 'p' }, 'completion'],
    ['amazon.titan-embed-text-v2:0', { inputText: 'p' }, 'embeddings'],
    ['amazon.nova-2-multimodal-embeddings-v1:0', { taskType: 'SINGLE_EMBEDDING' }, 'embeddings'],
    ['arn:aws:bedrock:x:1:provisioned-model/a', { texts: ['p'], input_type: 'x' }, 'embeddings'],
    ['cohere.command-r-v1:0', { message: 'p' }, 'chat'],
    ['cohere.rerank-v3-5:0', { query: 'q', documents: [] }, 'rerank'],
    ['meta.llama3-8b-instruct-v1:0', { prompt: 'p' }, 'completion'],
    ['openai.gpt-oss-20b-1:0', { messages: [] }, 'chat'],
    ['amazon.titan-image-generator-v2:0', { taskType: 'TEXT_IMAGE' }, 'image_generation'],
    ['stability.sd3-5-large-v1:0', { prompt: 'p' }, 'image_generation'],
    ['arn:aws:bedrock:x:1:imported-model/a', { prompt: 'p' }, 'completion'],
    [undefined, undefined, 'completion'],
  ])('%s is %o: %s', (model, body, suffix) => {
    const operation = invokeModel(model, body);
    expect(operation.spanSuffix).toBe(suffix);
    expect(operation.request({ ...body }, sender)).toMatchObject({ provider: 'aws.bedrock', model });
    expect(() => operation.response(undefined)).not.toThrow();
    expect(() =>
      operation.response({ choices: null, usage: 3, results: [null], embeddings: 'x' }),
    ).not.toThrow();
  });

  it('reads answers of text models whatever they are called', () => {
    const read = (answer: unknown) => {
      const { messages, finishReasons, usage } = invokeModel('x', { prompt: '' }).response(answer);
      const [part] = messages?.[0]?.parts ?? [];
      return [(part as { content?: string } | undefined)?.content, finishReasons, usage];
    };
    expect(
      read({ generation: 'a', stop_reason: 'stop', prompt_token_count: 1, generation_token_count: 2 }),
    ).toEqual(['a', ['stop'], { input: 1, output: 2 }]);
    expect(read({ outputs: [{ text: 'a', stop_reason: 'stop' }] })).toEqual(['a', ['stop'], undefined]);
    expect(read({ completions: [{ data: { text: 'a' }, finishReason: { reason: 'endoftext' } }] })).toEqual([
      'a',
      ['endoftext'],
      undefined,
    ]);
    expect(
      read({
        inputTextTokenCount: 0,
        results: [
          { outputText: 'a', tokenCount: 2, completionReason: 'FINISH' },
          { outputText: 'b', tokenCount: 3, completionReason: 'LENGTH' },
        ],
      }),
    ).toEqual(['a', ['FINISH', 'LENGTH'], { input: 0, output: 5 }]);
    expect(read({ choices: [{ text: 'a' }], usage: { prompt_tokens: 4, completion_tokens: 0 } })).toEqual([
      'a',
      [''],
      { input: 4, output: 0 },
    ]);
  });

  it('takes the counts of Bedrock where the model has none', () => {
    const metrics = {
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: 3,
        outputTokenCount: 2,
        cacheReadInputTokenCount: 10,
      },
    };
    const usage = (body: object, chunks: unknown[]) =>
      collect(invokeModel('m', body).accumulator!(), chunks).usage;
    expect(usage({ prompt: '' }, [{ outputs: [{ text: 'a' }] }, metrics])).toEqual({
      input: 13,
      output: 2,
      cacheRead: 10,
    });
    expect(
      usage({ prompt: '' }, [
        { generation: 'a', prompt_token_count: 1, generation_token_count: 9, ...metrics },
      ]),
    ).toEqual({ input: 1, output: 9 });
    expect(usage({ prompt: '' }, [{ generation: 'a' }])).toBeUndefined();
  });

  it('reads the chunk of an event as the SDK has it and as it is on the wire', () => {
    const chunk = { generation: 'a' };
    const base64 = Buffer.from(bytes(chunk)).toString('base64');
    expect([chunkOf({ chunk: { bytes: bytes(chunk) } }), chunkOf({ chunk: { bytes: base64 } })]).toEqual([
      chunk,
      chunk,
    ]);
    expect([chunkOf({ throttlingException: {} }), chunkOf(null)]).toEqual([undefined, undefined]);
  });

  it('says that a guardrail intervened', () => {
    const response = invokeModel('anthropic.claude', { messages: [] }).response({
      role: 'assistant',
      content: [{ type: 'text', text: 'no' }],
      stop_reason: 'end_turn',
      'amazon-bedrock-guardrailAction': 'INTERVENED',
      'amazon-bedrock-trace': { guardrail: { input: {} } },
    });
    expect(response).toMatchObject({
      finishReasons: ['guardrail_intervened'],
      extra: { 'aws.bedrock.guardrail.action': 'INTERVENED' },
      messages: [{ parts: [text('no')] }, { parts: [{ type: 'guardrail', input: {} }] }],
    });
  });

  it('reads both versions of Cohere chat streams', () => {
    expect(
      collect(invokeModel('cohere.command-r-v1:0', { message: '' }).accumulator!(), [
        { event_type: 'text-generation', text: 'He' },
        { event_type: 'text-generation', text: 'llo' },
        { event_type: 'citation-generation', citations: [{ text: 'He' }] },
      ]).messages,
    ).toEqual([{ role: 'assistant', parts: [{ ...text('Hello'), citations: [{ text: 'He' }] }] }]);
    const delta = (message: unknown) => ({ delta: { message }, index: 0 });
    expect(
      collect(invokeModel('cohere.command-a', { messages: [] }).accumulator!(), [
        { type: 'message-start', id: 'm' },
        { type: 'tool-plan-delta', ...delta({ tool_plan: 'plan' }) },
        { type: 'content-start', ...delta({ content: { type: 'text', text: '' } }) },
        { type: 'content-delta', ...delta({ content: { text: 'Hello' } }) },
        {
          type: 'tool-call-start',
          ...delta({ tool_calls: { id: 'c', function: { name: 'f', arguments: '{' } } }),
        },
        { type: 'tool-call-delta', ...delta({ tool_calls: { function: { arguments: '}' } } }) },
        {
          type: 'message-end',
          delta: { finish_reason: 'TOOL_CALL', usage: { tokens: { input_tokens: 1, output_tokens: 2 } } },
        },
      ]),
    ).toEqual({
      id: 'm',
      finishReasons: ['TOOL_CALL'],
      usage: { input: 1, output: 2 },
      extra: { 'cohere.usage.tokens.input_tokens': 1, 'cohere.usage.tokens.output_tokens': 2 },
      messages: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'plan' },
            text('Hello'),
            { type: 'tool_call', id: 'c', name: 'f', arguments: {} },
          ],
          finish_reason: 'TOOL_CALL',
        },
      ],
    });
  });

  it('knows the length of vectors of every form', () => {
    const dimensions = (answer: unknown) => invokeModel('x.embed', {}).response(answer).dimensions;
    expect(dimensions({ embedding: [1, 2] })).toBe(2);
    expect(dimensions({ embeddings: [[1, 2, 3]] })).toBe(3);
    expect(dimensions({ embeddings: { int8: [[1, 2, 3, 4]] } })).toBe(4);
    expect(dimensions({ embeddings: { binary: [[1]] } })).toBeUndefined();
    expect(dimensions({ embeddings: [{ embeddingType: 'TEXT', embedding: [1] }] })).toBe(1);
    expect(dimensions({})).toBeUndefined();
  });
});

describe('commands of the runtime', () => {
  it('read bodies of every kind, and say of others what they are', () => {
    const body = { prompt: 'hi' };
    const json = JSON.stringify(body);
    for (const given of [json, bytes(body), Buffer.from(json), bytes(body).buffer]) {
      const operation = runtimeCommands.InvokeModelCommand!({ modelId: 'meta.llama3', body: given });
      expect(operation.request({ modelId: 'meta.llama3', body: given }, {}).messages).toEqual([
        { role: 'user', parts: [text('hi')] },
      ]);
    }
    const operation = runtimeCommands.InvokeModelCommand!({});
    expect(operation.request({ body: 'no json', contentType: 'text/plain' }, {}).messages).toEqual([
      { role: 'user', parts: [{ type: 'blob', modality: 'document', mime_type: 'text/plain', bytes: 7 }] },
    ]);
  });

  it('take token counts from headers', () => {
    const operation = runtimeCommands.InvokeModelCommand!({ modelId: 'mistral.x', body: '{"prompt":""}' });
    const headers = {
      'x-amzn-bedrock-input-token-count': '3',
      'x-amzn-bedrock-output-token-count': '2',
      'x-amzn-bedrock-cache-read-input-token-count': '4',
    };
    const output = { body: bytes({ outputs: [{ text: 'a' }] }) };
    expect(operation.response(output, headers).usage).toMatchObject({ input: 7, output: 2, cacheRead: 4 });
    expect(operation.response(output, {}).usage).toBeUndefined();
  });
});

describe('agents', () => {
  const events = (...given: unknown[]) => collect(invokeAgent.accumulator!(), given);
  const trace = (of: unknown) => ({ trace: { trace: of } });

  it('put characters together that were cut', () => {
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
    expect(events({ chunk: { bytes: first } }, { chunk: { bytes: second } }).messages).toEqual([
      { role: 'assistant', parts: [text('é')] },
    ]);
    // As it is on the wire.
    expect(events({ chunk: { bytes: Buffer.from('é').toString('base64') } }).messages?.[0]?.parts).toEqual([
      text('é'),
    ]);
  });

  it('add up what their models used, and name the model where it is one', () => {
    const usage = (inputTokens: number) => ({
      modelInvocationOutput: { metadata: { usage: { inputTokens, outputTokens: 1 } } },
    });
    const asked = (foundationModel: string) => ({ modelInvocationInput: { foundationModel } });
    const one = [trace({ orchestrationTrace: asked('a') }), trace({ orchestrationTrace: usage(3) })];
    expect(events(...one)).toMatchObject({ model: 'a', usage: { input: 3, output: 1 } });
    const two = [trace({ postProcessingTrace: asked('b') }), trace({ postProcessingTrace: usage(4) })];
    expect(events(...one, ...two)).toMatchObject({ model: undefined, usage: { input: 7, output: 2 } });
    expect(events().usage).toBeUndefined();
  });

  it('belong to the session the answer names', () => {
    const { accumulator } = agentCommands.InvokeAgentCommand!({});
    expect(accumulator!({ sessionId: 's2' }).response().extra).toMatchObject({
      'gen_ai.conversation.id': 's2',
    });
  });
});
