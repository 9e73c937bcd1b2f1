import { describe, expect, it } from 'vitest';
import { partsOf, promptOf, toolResult } from '../../src/instruments/shapes/ai_sdk/content';
import {
  LanguageAccumulator,
  languageRequest,
  languageResponse,
} from '../../src/instruments/shapes/ai_sdk/language-model';
import {
  embeddings,
  generationOf,
  image,
  rerank,
  transcription,
} from '../../src/instruments/shapes/ai_sdk/other-models';
import { identityOf } from '../../src/instruments/shapes/ai_sdk/provider';
import { usageOf } from '../../src/instruments/shapes/ai_sdk/usage';
import {
  objectProgress,
  promptInput,
  textOutput,
  textProgress,
} from '../../src/instruments/vercel_ai/operations';
import { metadataAttributes, telemetrySettings } from '../../src/instruments/vercel_ai/settings';

const CALL = { id: 'call_1', name: 'weather', arguments: { city: 'Rome' }, type: 'tool_call' };

describe('usage', () => {
  it('is read in the words of each version of the specification', () => {
    expect(
      usageOf(
        { promptTokens: 3, completionTokens: 2 },
        { openai: { reasoningTokens: 1, cachedPromptTokens: 2 } },
      ),
    ).toEqual({
      input: 3,
      output: 2,
      cacheRead: 2,
      cacheWrite: undefined,
      reasoning: 1,
    });
    expect(
      usageOf({ inputTokens: 3, outputTokens: 2, cachedInputTokens: 1, reasoningTokens: 1 }, {}),
    ).toMatchObject({
      input: 3,
      output: 2,
      cacheRead: 1,
      reasoning: 1,
    });
    const nested = {
      inputTokens: { total: 9, cacheRead: 4, cacheWrite: 2 },
      outputTokens: { total: 5, reasoning: 3 },
    };
    expect(usageOf(nested, undefined)).toEqual({
      input: 9,
      output: 5,
      cacheRead: 4,
      cacheWrite: 2,
      reasoning: 3,
    });
  });

  it('counts what Anthropic has cached into the input', () => {
    const anthropic = { cacheCreationInputTokens: 10 };
    expect(usageOf({ inputTokens: 3, outputTokens: 2, cachedInputTokens: 5 }, { anthropic })).toMatchObject({
      input: 18,
      cacheRead: 5,
      cacheWrite: 10,
    });
  });

  it('invents no number', () => {
    expect(usageOf({ promptTokens: Number.NaN, completionTokens: Number.NaN }, {})).toMatchObject({
      input: undefined,
      output: undefined,
    });
    expect(usageOf(undefined, {})).toBeUndefined();
  });
});

describe('a language model', () => {
  it('is asked in V1 with tools and prompt in a mode', () => {
    const request = languageRequest({
      mode: {
        type: 'regular',
        tools: [{ type: 'function', name: 'weather', parameters: { type: 'object' } }],
      },
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      maxTokens: 5,
    });
    expect(request).toMatchObject({
      operation: 'chat',
      maxTokens: 5,
      tools: [{ type: 'function', name: 'weather', parameters: { type: 'object' } }],
      messages: [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
    });
  });

  it('is asked in V4 for reasoning, with options of the provider', () => {
    const providerOptions = { anthropic: { thinking: { type: 'enabled', budgetTokens: 100 } } };
    expect(languageRequest({ prompt: [], reasoning: 'high', providerOptions })).toMatchObject({
      reasoningEffort: 'high',
      thinkingBudget: 100,
    });
    expect(languageRequest({ prompt: [], reasoning: 'provider-default' }).reasoningEffort).toBeUndefined();
  });

  it('answers in V1 and from V2 on', () => {
    const toolCalls = [{ toolCallId: 'call_1', toolName: 'weather', args: '{"city":"Rome"}' }];
    expect(
      languageResponse({ text: 'hi', reasoning: 'hm', toolCalls, finishReason: 'tool-calls', usage: {} })
        .messages,
    ).toEqual([
      {
        role: 'assistant',
        finish_reason: 'tool_calls',
        parts: [{ type: 'reasoning', content: 'hm' }, { type: 'text', content: 'hi' }, CALL],
      },
    ]);
    const content = [
      { type: 'text', text: 'hi' },
      { type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: '{"city":"Rome"}' },
    ];
    const answer = {
      content,
      finishReason: { unified: 'stop', raw: 'end_turn' },
      response: { id: 'r1', modelId: 'm1' },
    };
    expect(languageResponse(answer)).toMatchObject({
      id: 'r1',
      model: 'm1',
      finishReasons: ['stop'],
      messages: [{ parts: [{ type: 'text', content: 'hi' }, CALL] }],
    });
    expect(languageResponse(undefined).messages).toBeUndefined();
  });

  it('streams in V1 and from V2 on', () => {
    const first = new LanguageAccumulator();
    for (const part of [
      { type: 'reasoning', textDelta: 'h' },
      { type: 'reasoning', textDelta: 'm' },
      { type: 'text-delta', textDelta: 'a' },
      { type: 'text-delta', textDelta: 'b' },
      { type: 'finish', finishReason: 'stop', usage: { promptTokens: 1, completionTokens: 2 } },
    ])
      first.add(part);
    expect(first.response()).toMatchObject({
      finishReasons: ['stop'],
      usage: { input: 1, output: 2 },
      messages: [
        {
          parts: [
            { type: 'reasoning', content: 'hm' },
            { type: 'text', content: 'ab' },
          ],
        },
      ],
    });
    const second = new LanguageAccumulator();
    for (const part of [
      { type: 'stream-start', warnings: [] },
      { type: 'response-metadata', id: 'r1', modelId: 'm1' },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'a' },
      { type: 'text-start', id: '2' },
      { type: 'text-delta', id: '2', delta: 'c' },
      { type: 'text-delta', id: '1', delta: 'b' },
      { type: 'tool-input-start', id: 'call_1', toolName: 'weather' },
      { type: 'tool-input-delta', id: 'call_1', delta: '{"city":' },
    ])
      second.add(part);
    expect(second.response()).toMatchObject({
      id: 'r1',
      model: 'm1',
      messages: [
        {
          parts: [
            { type: 'text', content: 'ab' },
            { type: 'text', content: 'c' },
            { type: 'tool_call', id: 'call_1', name: 'weather', arguments: '{"city":' },
          ],
        },
      ],
    });
    second.add({ type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: '{"city":"Rome"}' });
    expect(second.response().messages?.[0]?.parts.at(-1)).toEqual(CALL);
    second.add({ type: 'error', error: 'late' });
    expect(second.failure).toEqual({ error: 'late' });
  });
});

describe('content', () => {
  it('has instructions apart from messages', () => {
    const prompt = [
      { role: 'system', content: 'be nice' },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c', output: { type: 'json', value: { a: 1 } } }],
      },
    ];
    expect(promptOf(prompt)).toEqual({
      system: [{ type: 'text', content: 'be nice' }],
      messages: [{ role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', response: { a: 1 } }] }],
    });
  });

  it('keeps no bytes', () => {
    const parts = partsOf([
      { type: 'image', image: new Uint8Array(3), mimeType: 'image/png' },
      { type: 'file', data: 'aGVsbG8=', mediaType: 'application/pdf', filename: 'a.pdf' },
      {
        type: 'file',
        data: { type: 'url', url: new URL('https://example.com/a.png') },
        mediaType: 'image/png',
      },
      { type: 'file', data: { type: 'data', data: 'aGVsbG8=' }, mediaType: 'audio/mp3' },
    ]);
    expect(parts).toEqual([
      { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3 },
      { type: 'blob', modality: 'document', mime_type: 'application/pdf', bytes: 5, filename: 'a.pdf' },
      { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
      { type: 'blob', modality: 'audio', mime_type: 'audio/mp3', bytes: 5 },
    ]);
  });

  it('unpacks results of tools', () => {
    expect(toolResult('plain')).toBe('plain');
    expect(toolResult({ type: 'execution-denied', reason: 'no' })).toEqual({ denied: true, reason: 'no' });
    expect(toolResult({ type: 'content', value: [{ type: 'text', text: 'a' }] })).toEqual([
      { type: 'text', content: 'a' },
    ]);
  });
});

describe('other models', () => {
  it('are told apart by what they are asked for', () => {
    expect(generationOf({ prompt: [] })).toBeUndefined();
    expect(generationOf({ prompt: 'a cat', n: 1 })).toBe(image);
    expect(generationOf({ audio: new Uint8Array(2), mediaType: 'audio/mp3' })).toBe(transcription);
  });

  it('embed and rank without vectors on the span', () => {
    expect(embeddings.response({ embeddings: [[1, 2, 3]], usage: { tokens: 4 } })).toMatchObject({
      dimensions: 3,
      usage: { input: 4 },
    });
    const asked = rerank.request({ query: 'q', documents: { type: 'text', values: ['a', 'b'] }, topN: 1 });
    expect(asked.extra).toEqual({ 'gen_ai.request.document.count': 2, 'gen_ai.retrieval.top_k': 1 });
  });

  it('say who they are of', () => {
    const config = { url: ({ path }: { path: string }) => `https://api.deepseek.com/v1${path}` };
    expect(identityOf({ provider: 'openai.chat', modelId: 'm', config })).toMatchObject({
      library: 'openai',
      provider: 'deepseek',
      server: { address: 'api.deepseek.com', port: 443 },
    });
    expect(identityOf({ provider: 'google.vertex.chat', modelId: 'm' })).toMatchObject({
      library: 'vertexai',
      provider: 'gcp.vertex_ai',
    });
    expect(identityOf({ provider: 'vertex.anthropic.messages', modelId: 'm' }).library).toBe('anthropic');
    expect(identityOf({ provider: 'amazon-bedrock', modelId: 'm' })).toMatchObject({
      library: 'bedrock',
      provider: 'aws.bedrock',
    });
    expect(identityOf({ provider: 'gateway', modelId: 'anthropic/claude' }).provider).toBe('anthropic');
    expect(identityOf(undefined)).toMatchObject({ library: 'ai', provider: 'unknown' });
  });
});

describe('a call', () => {
  it('is traced unless it says no', () => {
    expect(telemetrySettings({})).toMatchObject({ isOff: false, inputs: true, outputs: true });
    expect(telemetrySettings({ experimental_telemetry: { isEnabled: false } }).isOff).toBe(true);
    expect(telemetrySettings({ telemetry: { recordInputs: false, functionId: 'f' } })).toMatchObject({
      isOff: false,
      inputs: false,
      functionId: 'f',
    });
  });

  it('passes on of its runtime context what it lets through', () => {
    const options = {
      runtimeContext: { user: 'u1', secret: 's' },
      telemetry: { includeRuntimeContext: { user: true } },
    };
    expect(telemetrySettings(options).metadata).toEqual({ user: 'u1' });
  });

  it('names its customer with its metadata', () => {
    expect(metadataAttributes({ customer_identifier: 'c1', environment: 'test' })).toEqual({
      'respan.customer_params.customer_identifier': 'c1',
      'respan.metadata.environment': 'test',
    });
  });

  it('shows prompts of every form, and the last step alone', () => {
    expect(promptInput({ system: 's', prompt: 'p' })).toEqual({ system: 's', prompt: 'p' });
    expect(promptInput({ messages: [{ role: 'user', content: 'hi' }] })).toEqual({
      messages: [{ role: 'user', content: 'hi' }],
    });
    const steps = [
      { toolCalls: [{ toolCallId: 'call_1', toolName: 'weather', input: {} }] },
      { toolCalls: [] },
    ];
    expect(textOutput({ text: 'a', steps, toolCalls: steps[0]!.toolCalls })).toEqual({ text: 'a' });
  });

  it('puts together what its stream tells', () => {
    const progress = textProgress();
    for (const part of [
      { type: 'start-step' },
      { type: 'text-delta', text: 'first' },
      { type: 'start-step' },
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', textDelta: 'b' },
      { type: 'finish', finishReason: 'stop' },
    ])
      progress.add({ part });
    expect(progress.output()).toEqual({ text: 'ab', finishReason: 'stop' });
    expect(progress.failure()).toBeUndefined();
    progress.add({ part: { type: 'abort', reason: 'AbortError: stop it' } });
    expect(progress.failure()).toEqual({ error: { name: 'AbortError', message: 'stop it' }, isAbort: true });
    const object = objectProgress();
    object.add({ type: 'object', object: { a: 1 } });
    expect(object.output()).toEqual({ object: { a: 1 } });
  });
});
