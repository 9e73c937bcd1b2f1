'use strict';
const { commands, streamed } = require('../formats/aws.cjs');

const bytesOf = (text) => Buffer.from(text).toString('base64');
const reference = {
  content: { type: 'TEXT', text: 'a document' },
  location: { type: 'S3', s3Location: { uri: 's3://bucket/key' } },
  metadata: { page: 3 },
};
const citation = {
  generatedResponsePart: { textResponsePart: { text: 'Hello.', span: { start: 0, end: 5 } } },
  retrievedReferences: [reference],
};
const trace = (of) => ['trace', { agentId: 'A1', sessionId: 's1', trace: of }];
const used = { metadata: { usage: { inputTokens: 9, outputTokens: 3 } } };
const returned = {
  invocationId: 'i1',
  invocationInputs: [
    {
      functionInvocationInput: {
        ...{ actionGroup: 'sky', function: 'look' },
        parameters: [{ name: 'at', type: 'string', value: 'sky' }],
      },
    },
    { apiInvocationInput: { actionGroup: 'sky', httpMethod: 'GET', apiPath: '/sky/{at}' } },
  ],
};
const endings = (error) => [
  ['files', { files: [{ name: 'a.png', type: 'image/png', bytes: bytesOf('a file') }] }],
  ['returnControl', returned],
  [error, { message: 'no' }],
];

const ofAgent = (random) => [
  trace({ preProcessingTrace: { modelInvocationOutput: used } }),
  trace({
    orchestrationTrace: { modelInvocationInput: { type: 'ORCHESTRATION', foundationModel: 'claude' } },
  }),
  trace({ orchestrationTrace: { modelInvocationOutput: used } }),
  trace({ guardrailTrace: { action: 'NONE', inputAssessments: [] } }),
  ['chunk', { bytes: bytesOf('Hé') }],
  ['chunk', { bytes: bytesOf('llo 😀'), attribution: { citations: [citation] } }],
  ...(random.chance(0.4) ? [random.pick(endings('dependencyFailedException'))] : []),
];
const ofKnowledge = (random) => [
  ...['Hé', 'llo 😀'].map((text) => ['output', { text }]),
  ['citation', { citation }],
  ['guardrail', { action: 'NONE' }],
  ...(random.chance(0.2) ? [['throttlingException', { message: 'no' }]] : []),
];
const ofFlow = (random) => [
  [
    'flowOutputEvent',
    { nodeName: 'out', nodeType: 'FlowOutputNode', content: { document: random.pick(['Hello.', { a: 1 }]) } },
  ],
  random.pick([
    ['flowCompletionEvent', { completionReason: 'SUCCESS' }],
    ['flowMultiTurnInputRequestEvent', { nodeName: 'in', content: { document: 'which?' } }],
    ['internalServerException', { message: 'no' }],
  ]),
];

exports.eitherVersion = true;
exports.answer = ({ url }, random) => {
  if (url.includes('/retrieveAndGenerateStream')) return streamed(random, ofKnowledge(random));
  if (url.includes('/retrieveAndGenerate'))
    return {
      json: { sessionId: 's2', output: { text: 'Hello.' }, citations: [citation], guardrailAction: 'NONE' },
    };
  if (url.endsWith('/retrieve')) return { json: { retrievalResults: [{ ...reference, score: 0.75 }] } };
  if (url.includes('/rerank')) return { json: { results: [{ index: 1, relevanceScore: 0.9 }] } };
  if (url.includes('/flows/')) return streamed(random, ofFlow(random));
  if (url.includes('/agents/')) return streamed(random, ofAgent(random));
  return { json: { sessionId: 's1', sessionArn: 'arn', sessionStatus: 'ACTIVE' } };
};

exports.start = async (load, url) => {
  const sdk = await load('@aws-sdk/client-bedrock-agent-runtime');
  const asked = { sessionId: 's1', inputText: 'hello', enableTrace: true };
  const modelArn = 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0';
  const generated = {
    input: { text: 'hello' },
    retrieveAndGenerateConfiguration: {
      type: 'KNOWLEDGE_BASE',
      knowledgeBaseConfiguration: {
        ...{ knowledgeBaseId: 'K1', modelArn },
        generationConfiguration: { inferenceConfig: { textInferenceConfig: { maxTokens: 9 } } },
      },
    },
  };
  const source = (text) => ({
    type: 'INLINE',
    inlineDocumentSource: { type: 'TEXT', textDocument: { text } },
  });
  return commands(sdk, 'BedrockAgentRuntimeClient', url, [
    ['InvokeAgentCommand', { ...asked, agentId: 'A1', agentAliasId: 'B1' }],
    [
      'InvokeInlineAgentCommand',
      { ...asked, foundationModel: 'anthropic.claude-3-haiku-20240307-v1:0', instruction: 'be brief' },
    ],
    [
      'RetrieveCommand',
      {
        ...{ knowledgeBaseId: 'K1', retrievalQuery: { text: 'hello' } },
        retrievalConfiguration: { vectorSearchConfiguration: { numberOfResults: 3 } },
      },
    ],
    ['RetrieveAndGenerateCommand', generated],
    ['RetrieveAndGenerateStreamCommand', generated],
    [
      'InvokeFlowCommand',
      {
        ...{ flowIdentifier: 'F1', flowAliasIdentifier: 'G1' },
        inputs: [{ nodeName: 'in', nodeOutputName: 'document', content: { document: 'hello' } }],
      },
    ],
    [
      'RerankCommand',
      {
        queries: [{ type: 'TEXT', textQuery: { text: 'hello' } }],
        sources: ['a', 'b'].map(source),
        rerankingConfiguration: {
          type: 'BEDROCK_RERANKING_MODEL',
          bedrockRerankingConfiguration: { numberOfResults: 2, modelConfiguration: { modelArn } },
        },
      },
    ],
    // No model's: as it is.
    ['CreateSessionCommand', { sessionMetadata: { a: 'b' } }],
  ]);
};
