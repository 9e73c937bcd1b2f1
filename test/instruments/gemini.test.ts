import { describe, expect, it } from 'vitest';
import { contentMessages } from '../../src/instruments/shapes/gemini/content';
import {
  embedContent,
  generateContent,
  generateImages,
  predict,
} from '../../src/instruments/shapes/gemini/operations';
import { geminiCall } from '../../src/instruments/shapes/gemini/url';

const sender = { baseURL: 'https://generativelanguage.googleapis.com' };
const PNG = 'AAAA';

/** JSON drops what is undefined: absent is absent. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe('a generateContent request', () => {
  it('has everything the body says', () => {
    const request = generateContent.request(
      {
        model: 'models/gemini-2.5-pro',
        stream: true,
        contents: [
          { role: 'user', parts: [{ text: 'hi' }, { inlineData: { mimeType: 'image/png', data: PNG } }] },
          { role: 'model', parts: [{ functionCall: { name: 'weather', args: { city: 'Rome' } } }] },
          { role: 'user', parts: [{ functionResponse: { name: 'weather', response: { sky: 'blue' } } }] },
        ],
        systemInstruction: { parts: [{ text: 'be brief' }] },
        tools: [
          {
            functionDeclarations: [{ name: 'weather', description: 'tells', parameters: { type: 'OBJECT' } }],
          },
          { googleSearch: {} },
        ],
        generationConfig: {
          temperature: 0.5,
          topP: 0.9,
          topK: 4,
          maxOutputTokens: 20,
          candidateCount: 2,
          stopSequences: ['END'],
          seed: 7,
          presencePenalty: 0.1,
          frequencyPenalty: 0.2,
          responseMimeType: 'application/json',
          thinkingConfig: { thinkingBudget: 128, thinkingLevel: 'LOW' },
        },
      },
      sender,
    );
    expect(plain(request)).toEqual({
      operation: 'generate_content',
      provider: 'gcp.gemini',
      model: 'gemini-2.5-pro',
      serverAddress: 'generativelanguage.googleapis.com',
      serverPort: 443,
      stream: true,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      maxTokens: 20,
      choiceCount: 2,
      stopSequences: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      outputType: 'json',
      thinkingBudget: 128,
      reasoningEffort: 'low',
      system: [{ type: 'text', content: 'be brief' }],
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'hi' },
            { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3 },
          ],
        },
        { role: 'assistant', parts: [{ type: 'tool_call', name: 'weather', arguments: { city: 'Rome' } }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'weather', response: { sky: 'blue' } }] },
      ],
      tools: [
        { type: 'function', name: 'weather', description: 'tells', parameters: { type: 'OBJECT' } },
        { type: 'googleSearch' },
      ],
    });
  });

  it('may be spelled with underscores', () => {
    const request = generateContent.request(
      {
        system_instruction: { parts: { text: 'be brief' } },
        contents: [
          {
            parts: [{ inline_data: { mime_type: 'audio/wav', data: PNG } }, { file_data: { file_uri: 'u' } }],
          },
        ],
        generation_config: { max_output_tokens: 5, response_modalities: ['AUDIO'] },
        tools: [{ function_declarations: [{ name: 'f' }] }],
      },
      sender,
    );
    expect(request).toMatchObject({
      maxTokens: 5,
      outputType: 'speech',
      system: [{ type: 'text', content: 'be brief' }],
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'blob', modality: 'audio', bytes: 3 },
            { type: 'uri', uri: 'u' },
          ],
        },
      ],
      tools: [{ name: 'f' }],
    });
  });

  it('is asked for with nothing at all, and for odd things', () => {
    expect(plain(generateContent.request({}, {}))).toEqual({
      operation: 'generate_content',
      provider: 'gcp.gemini',
      system: [],
      messages: [],
      tools: [],
    });
    for (const odd of [null, 7, 'x', [null], [[]], { parts: 'x' }, [{ parts: [null, 3, {}] }]]) {
      const body = { contents: odd, tools: odd, generationConfig: odd, systemInstruction: odd };
      expect(() => generateContent.request(body, { baseURL: odd })).not.toThrow();
      expect(() => generateContent.response(odd)).not.toThrow();
      expect(() => embedContent.response(odd)).not.toThrow();
      expect(() => generateContent.accumulator?.().add(odd)).not.toThrow();
    }
  });
});

describe('contents', () => {
  it.each([
    ['a text', 'hi', [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }]],
    [
      'parts side by side',
      ['a', { text: 'b' }],
      [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'a' },
            { type: 'text', content: 'b' },
          ],
        },
      ],
    ],
    [
      'one content',
      { role: 'model', parts: [{ text: 'x' }] },
      [{ role: 'assistant', parts: [{ type: 'text', content: 'x' }] }],
    ],
    ['nothing', undefined, []],
  ])('are %s', (_, contents, messages) => {
    expect(contentMessages(contents)).toEqual(messages);
  });

  it('keep parts of every kind, without bytes', () => {
    const [message] = contentMessages([
      {
        role: 'model',
        parts: [
          { text: 'hm', thought: true, thoughtSignature: PNG },
          { text: '', thoughtSignature: PNG },
          { executableCode: { language: 'PYTHON', code: 'print(1)' } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
          { fileData: { fileUri: 'gs://b/x.mp4', mimeType: 'video/mp4' } },
          { novelty: { deep: { mimeType: 'image/png', data: PNG } }, thoughtSignature: PNG },
        ],
      },
    ]);
    expect(plain(message?.parts)).toEqual([
      { type: 'reasoning', content: 'hm' },
      {
        type: 'server_tool_call',
        name: 'code_execution',
        server_tool_call: { type: 'executable_code', language: 'PYTHON', code: 'print(1)' },
      },
      {
        type: 'server_tool_call_response',
        server_tool_call_response: { type: 'code_execution_result', outcome: 'OUTCOME_OK', output: '1' },
      },
      { type: 'uri', modality: 'video', uri: 'gs://b/x.mp4', mime_type: 'video/mp4' },
      {
        type: 'novelty',
        novelty: { deep: { type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3 } },
      },
    ]);
  });
});

const answer = {
  responseId: 'r1',
  modelVersion: 'gemini-2.5-pro-001',
  candidates: [
    {
      index: 0,
      finishReason: 'STOP',
      content: { role: 'model', parts: [{ text: 'hm', thought: true }, { text: 'yes' }] },
    },
  ],
  usageMetadata: {
    promptTokenCount: 10,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 3,
    toolUsePromptTokenCount: 2,
    cachedContentTokenCount: 4,
    totalTokenCount: 20,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 6 },
      { modality: 'AUDIO', tokenCount: 4 },
    ],
  },
};
const read = {
  id: 'r1',
  model: 'gemini-2.5-pro-001',
  finishReasons: ['STOP'],
  messages: [
    {
      role: 'assistant',
      finish_reason: 'STOP',
      parts: [
        { type: 'reasoning', content: 'hm' },
        { type: 'text', content: 'yes' },
      ],
    },
  ],
  usage: { input: 12, output: 8, cacheRead: 4, reasoning: 3, audioInput: 4 },
  extra: {},
};

describe('a generateContent response', () => {
  it('has messages, reasons and every token', () => {
    expect(plain(generateContent.response(answer))).toEqual(read);
  });

  it('has no usage where none came, and zero where zero came', () => {
    expect(generateContent.response({ candidates: [] }).usage).toBeUndefined();
    const usageMetadata = { promptTokenCount: 0, candidatesTokenCount: 0 };
    expect(plain(generateContent.response({ usageMetadata }).usage)).toEqual({ input: 0, output: 0 });
  });

  it('tells why a prompt was blocked', () => {
    const response = generateContent.response({ promptFeedback: { blockReason: 'SAFETY' } });
    expect(response).toMatchObject({
      finishReasons: ['SAFETY'],
      messages: [],
      extra: { 'gcp.gemini.response.block_reason': 'SAFETY' },
    });
  });
});

describe('a stream', () => {
  it('is the response that would have come in one piece', () => {
    const accumulator = generateContent.accumulator!();
    const { usageMetadata, ...rest } = answer;
    const chunk = (parts: unknown[], more = {}) => ({
      ...rest,
      candidates: [{ content: { role: 'model', parts }, ...more }],
    });
    accumulator.add(chunk([{ text: 'h', thought: true }]));
    accumulator.add({ ...chunk([{ text: 'm', thought: true }]), usageMetadata: { promptTokenCount: 10 } });
    accumulator.add(chunk([{ text: 'ye' }]));
    accumulator.add({ ...chunk([{ text: 's' }], { finishReason: 'STOP' }), usageMetadata });
    accumulator.add(chunk([{ text: '', thoughtSignature: PNG }]));
    expect(plain(accumulator.response())).toEqual(read);
  });

  it('has candidates side by side, and says what came until it was cut', () => {
    const accumulator = generateContent.accumulator!();
    accumulator.add({ candidates: [{ index: 1, content: { parts: [{ text: 'b' }] } }] });
    accumulator.add({ candidates: [{ index: 0, content: { parts: [{ text: 'a' }] } }] });
    expect(accumulator.response().messages?.map(({ parts }) => parts[0])).toEqual([
      { type: 'text', content: 'a' },
      { type: 'text', content: 'b' },
    ]);
    expect(generateContent.accumulator!().response()).toMatchObject({ messages: [], finishReasons: [] });
  });

  it('keeps calls apart, whole ones and those in pieces', () => {
    const accumulator = generateContent.accumulator!();
    const add = (functionCall: unknown) =>
      accumulator.add({ candidates: [{ content: { parts: [{ functionCall }] } }] });
    add({ name: 'a', args: { x: 1 } });
    add({ name: 'b', willContinue: true });
    add({ partialArgs: [{ jsonPath: '$.city', stringValue: 'Ro', willContinue: true }], willContinue: true });
    add({ partialArgs: [{ jsonPath: '$.city', stringValue: 'me' }], willContinue: true });
    add({
      partialArgs: [
        { jsonPath: '$.where.days', numberValue: 3 },
        { jsonPath: '$.__proto__.x', boolValue: true },
      ],
    });
    add({ name: 'c' });
    expect(plain(accumulator.response().messages?.[0]?.parts)).toEqual([
      { type: 'tool_call', name: 'a', arguments: { x: 1 } },
      { type: 'tool_call', name: 'b', arguments: { city: 'Rome', where: { days: 3 } } },
      { type: 'tool_call', name: 'c' },
    ]);
  });
});

describe('what an answer is based on', () => {
  const groundingMetadata = {
    webSearchQueries: ['q'],
    groundingChunks: [{ web: { uri: 'https://example.com', title: 'Example' } }, {}],
    searchEntryPoint: { renderedContent: '<html>' },
  };
  const grounding = {
    type: 'grounding',
    queries: ['q'],
    sources: [{ title: 'Example', uri: 'https://example.com' }],
  };

  it('is a part of it, streamed or not', () => {
    const candidates = [{ content: { parts: [{ text: 'yes' }] }, groundingMetadata }];
    expect(generateContent.response({ candidates }).messages?.[0]?.parts[1]).toEqual(grounding);
    const accumulator = generateContent.accumulator!();
    accumulator.add({ candidates });
    accumulator.add({ candidates: [{ finishReason: 'STOP' }] });
    expect(accumulator.response().messages?.[0]?.parts).toEqual([
      { type: 'text', content: 'yes' },
      grounding,
    ]);
  });

  it('is nothing where nothing is said of it', () => {
    const candidates = [{ content: { parts: [{ text: 'yes' }] }, groundingMetadata: {} }];
    expect(generateContent.response({ candidates }).messages?.[0]?.parts).toHaveLength(1);
  });
});

describe('bytes in a stream', () => {
  it('are counted: pieces of sound together, pictures each', () => {
    const accumulator = generateContent.accumulator!();
    const add = (mimeType: string) =>
      accumulator.add({ candidates: [{ content: { parts: [{ inlineData: { mimeType, data: PNG } }] } }] });
    for (const mimeType of ['audio/pcm', 'audio/pcm', 'image/png', 'image/png']) add(mimeType);
    expect(accumulator.response().messages?.[0]?.parts).toMatchObject([
      { modality: 'audio', bytes: 6 },
      { modality: 'image', bytes: 3 },
      { modality: 'image', bytes: 3 },
    ]);
  });
});

describe('embeddings', () => {
  it('are of one content, of many, and of the SDK', () => {
    const text = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] });
    expect(
      embedContent.request(
        { model: 'm', content: { parts: [{ text: 'a' }] }, outputDimensionality: 8 },
        sender,
      ),
    ).toMatchObject({ operation: 'embeddings', model: 'm', dimensions: 8, messages: [text('a')] });
    expect(
      embedContent.request(
        { requests: [{ model: 'models/m', content: { parts: [{ text: 'a' }] } }, { content: 'b' }] },
        sender,
      ),
    ).toMatchObject({ model: 'm', messages: [text('a'), text('b')] });
  });

  it('tell their length, and tokens where they are counted', () => {
    expect(plain(embedContent.response({ embedding: { values: [1, 2, 3] } }))).toEqual({ dimensions: 3 });
    const statistics = { tokenCount: 4 };
    expect(
      embedContent.response({
        embeddings: [
          { values: [1], statistics },
          { values: [2], statistics },
        ],
      }),
    ).toEqual({
      dimensions: 1,
      usage: { input: 8 },
    });
  });
});

describe('predictions', () => {
  it('are embeddings, images, or whatever the model makes', () => {
    const vector = { embeddings: { values: [1, 2], statistics: { token_count: 3 } } };
    expect(
      predict.request({ model: 'text-embedding-005', instances: [{ content: 'a' }] }, sender).operation,
    ).toBe('embeddings');
    expect(predict.response({ predictions: [vector] })).toEqual({ dimensions: 2, usage: { input: 3 } });
    const imagen = { model: 'imagen-4', instances: [{ prompt: 'a cat' }], parameters: { sampleCount: 2 } };
    expect(predict.request(imagen, sender)).toMatchObject({ operation: 'image_generation', choiceCount: 2 });
    expect(
      predict.response({ predictions: [{ bytesBase64Encoded: PNG, mimeType: 'image/png' }] }).messages,
    ).toEqual([
      { role: 'assistant', parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 3 }] },
    ]);
    const other = {
      instances: [{ prompt: 'hi' }, { odd: 1 }],
      parameters: { temperature: 0.1, maxOutputTokens: 5 },
    };
    expect(predict.request(other, sender)).toMatchObject({
      operation: 'generate_content',
      temperature: 0.1,
      maxTokens: 5,
    });
  });

  it('are images of the SDK', () => {
    expect(
      generateImages.request({ model: 'imagen-4', prompt: 'a cat', config: { numberOfImages: 2 } }, sender),
    ).toMatchObject({ choiceCount: 2, messages: [{ parts: [{ type: 'text', content: 'a cat' }] }] });
    const generatedImages = [
      { image: { imageBytes: PNG, mimeType: 'image/jpeg' } },
      { raiFilteredReason: 'unsafe' },
    ];
    expect(generateImages.response({ generatedImages })).toMatchObject({
      messages: [
        {
          parts: [
            { type: 'blob', mime_type: 'image/jpeg', bytes: 3 },
            { type: 'filtered', content: 'unsafe' },
          ],
        },
      ],
    });
  });
});

describe('a URL', () => {
  it.each([
    ['/v1beta/models/gemini-2.5-pro:generateContent', 'gemini-2.5-pro', false],
    ['/v1beta/models/gemini-2.5-pro:streamGenerateContent', 'gemini-2.5-pro', true],
    [
      '/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:streamGenerateContent',
      'gemini-2.5-pro',
      true,
    ],
    ['/v1beta/tunedModels/mine:generateContent', 'tunedModels/mine', false],
    ['/v1beta/models/e:batchEmbedContents', 'e', false],
  ])('%s tells the operation', (path, model, stream) => {
    expect(geminiCall(path)).toMatchObject({ model, stream });
  });

  it.each(['/v1beta/models', '/v1beta/models/x:countTokens', '/v1beta/models/x:constructor', '/'])(
    '%s does not',
    (path) => {
      expect(geminiCall(path)).toBeUndefined();
    },
  );
});
