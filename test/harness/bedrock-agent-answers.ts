import type { AwsAnswer, AwsCall } from './aws-provider';
import { event, exceptionEvent } from './event-stream';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const CITATIONS = [
  {
    generatedResponsePart: { textResponsePart: { text: 'MARK-ANSWER', span: { start: 0, end: 10 } } },
    retrievedReferences: [
      {
        content: { text: 'MARK-DOCUMENT' },
        location: { type: 'S3', s3Location: { uri: 's3://bucket/MARK-key' } },
        metadata: { page: 3 },
      },
    ],
  },
];

const usage = (inputTokens: number, outputTokens: number) => ({
  metadata: { usage: { inputTokens, outputTokens } },
});
const trace = (of: unknown) => event('trace', { agentId: 'AGENT1', sessionId: 's1', trace: of });

/** Agents, knowledge bases, flows and guardrails, by path and what is asked. */
export function agentAnswer({ path, body }: AwsCall, reply: AwsAnswer): unknown {
  if (path.startsWith('/agents/')) return agent(String(body.inputText ?? ''), reply);
  if (path.includes('/retrieveAndGenerateStream')) {
    return reply.events([
      event('output', { text: 'MARK-' }),
      event('output', { text: 'ANSWER' }),
      event('citation', { citation: CITATIONS[0] }),
      event('guardrail', { action: 'NONE' }),
    ]);
  }
  if (path.includes('/retrieveAndGenerate')) {
    return reply.json({
      sessionId: 'session-new',
      output: { text: 'MARK-ANSWER' },
      citations: CITATIONS,
      guardrailAction: 'INTERVENED',
    });
  }
  if (path.endsWith('/retrieve')) {
    return reply.json({
      retrievalResults: [
        {
          content: { type: 'TEXT', text: 'MARK-DOCUMENT' },
          location: { type: 'S3', s3Location: { uri: 's3://bucket/MARK-key' } },
          score: 0.75,
          metadata: { page: 3 },
        },
      ],
    });
  }
  if (path.startsWith('/flows/')) {
    return reply.events([
      event('flowOutputEvent', {
        nodeName: 'FlowOutputNode',
        nodeType: 'FlowOutputNode',
        content: { document: 'MARK-ANSWER' },
      }),
      event('flowCompletionEvent', { completionReason: 'SUCCESS' }),
    ]);
  }
  if (path === '/rerank') {
    return reply.json({
      results: [
        { index: 1, relevanceScore: 0.9 },
        { index: 0, relevanceScore: 0.2 },
      ],
    });
  }
  if (path.startsWith('/guardrail/')) {
    return reply.json({
      usage: { topicPolicyUnits: 1 },
      action: 'GUARDRAIL_INTERVENED',
      outputs: [{ text: 'MARK-ANSWER no' }],
      assessments: [{ topicPolicy: { topics: [{ name: 'MARK-TOPIC', type: 'DENY', action: 'BLOCKED' }] } }],
    });
  }
  return reply.error(404, 'ResourceNotFoundException', `MARK-ERROR ${path}`);
}

function agent(asked: string, reply: AwsAnswer): unknown {
  if (asked.includes('exception')) {
    return reply.events([
      event('chunk', { bytes: base64('MARK-PARTIAL') }),
      exceptionEvent('dependencyFailedException', 'MARK-ERROR lambda'),
    ]);
  }
  if (asked.includes('control')) {
    return reply.events([
      event('returnControl', {
        invocationId: 'inv_1',
        invocationInputs: [
          {
            functionInvocationInput: {
              actionGroup: 'weather',
              function: 'getWeather',
              parameters: [{ name: 'city', type: 'string', value: 'MARK-ARGS' }],
            },
          },
          { apiInvocationInput: { actionGroup: 'orders', httpMethod: 'GET', apiPath: '/orders/{id}' } },
        ],
      }),
    ]);
  }
  const answer = 'MARK-ANSWER ünï 🙂';
  const bytes = Buffer.from(answer);
  return reply.events([
    trace({ preProcessingTrace: { modelInvocationOutput: usage(10, 2) } }),
    trace({
      orchestrationTrace: {
        modelInvocationInput: {
          type: 'ORCHESTRATION',
          text: 'MARK-PROMPT',
          foundationModel: 'anthropic.claude-3-5-sonnet-20240620-v1:0',
        },
      },
    }),
    trace({ orchestrationTrace: { modelInvocationOutput: usage(30, 5) } }),
    trace({ orchestrationTrace: { rationale: { text: 'MARK-RATIONALE' } } }),
    trace({ guardrailTrace: { action: 'NONE', inputAssessments: [] } }),
    // Cut inside a character.
    event('chunk', { bytes: bytes.subarray(0, bytes.length - 2).toString('base64') }),
    event('chunk', {
      bytes: bytes.subarray(bytes.length - 2).toString('base64'),
      attribution: { citations: CITATIONS },
    }),
    event('files', { files: [{ name: 'plot.png', type: 'image/png', bytes: base64('MARK-FILE') }] }),
  ]);
}
