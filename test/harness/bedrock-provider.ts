import { type AwsAnswer, type AwsCall, startAwsProvider } from './aws-provider';
import { agentAnswer } from './bedrock-agent-answers';
import { invokeAnswer } from './bedrock-invoke-answers';
import { errorEvent, event, exceptionEvent } from './event-stream';
import type { ProviderServer } from './provider-suite';

/** Bedrock's runtime and agent runtime, from their published reference; the model's name says how it behaves. */
export const startBedrockProvider = (): Promise<ProviderServer> => startAwsProvider(answer);

function answer(call: AwsCall, reply: AwsAnswer): unknown {
  const [, room, model = '', operation] = call.path.split(/^\/(model)\/(.+)\/([\w-]+)$/);
  if (room !== 'model') return agentAnswer(call, reply);
  if (misbehaves(model, call, reply)) return;
  if (operation === 'converse') return reply.json(converseAnswer(model));
  if (operation === 'converse-stream') return converseStream(model, reply);
  return invokeAnswer(model, operation === 'invoke-with-response-stream', call, reply);
}

function misbehaves(model: string, { attempt }: AwsCall, reply: AwsAnswer): boolean {
  switch (model) {
    case 'test.status-400':
      reply.error(400, 'ValidationException', 'MARK-ERROR no such thing');
      return true;
    case 'test.status-403':
      reply.error(403, 'UnrecognizedClientException', 'MARK-ERROR who are you');
      return true;
    case 'test.status-429':
      reply.error(429, 'ThrottlingException', 'MARK-ERROR slow down');
      return true;
    case 'test.flaky':
      if (attempt > 1) return false;
      reply.error(429, 'ThrottlingException', 'MARK-ERROR slow down');
      return true;
    case 'test.html':
      reply.send(502, { 'content-type': 'text/html' }, '<html>MARK-ERROR</html>');
      return true;
    case 'test.hang':
      reply.hang();
      return true;
    default:
      return false;
  }
}

const USAGE = { inputTokens: 11, outputTokens: 7, totalTokens: 18 };
const CACHED = {
  inputTokens: 4,
  outputTokens: 6,
  totalTokens: 130,
  cacheReadInputTokens: 100,
  cacheWriteInputTokens: 20,
};
const FOUND = {
  guardrail: {
    inputAssessment: {
      gr1: { topicPolicy: { topics: [{ name: 'MARK-TOPIC', type: 'DENY', action: 'BLOCKED' }] } },
    },
  },
};
const TOOL = { toolUseId: 'tooluse_1', name: 'weather', input: { city: 'MARK-ARGS' } };

function converseAnswer(model: string): unknown {
  const whole = (content: unknown[], more = {}) => ({
    output: { message: { role: 'assistant', content } },
    stopReason: 'end_turn',
    usage: USAGE,
    metrics: { latencyMs: 5 },
    ...more,
  });
  switch (model) {
    case 'test.tools':
      return whole([{ text: 'MARK-ANSWER let me look' }, { toolUse: TOOL }], { stopReason: 'tool_use' });
    case 'test.reasoning':
      return whole([
        { reasoningContent: { reasoningText: { text: 'MARK-REASONING', signature: 'sig' } } },
        { text: 'MARK-ANSWER' },
      ]);
    case 'test.guarded':
      return whole([{ text: 'MARK-ANSWER blocked' }], { stopReason: 'guardrail_intervened', trace: FOUND });
    case 'test.cached':
      return whole([{ text: 'MARK-ANSWER' }], { usage: CACHED });
    case 'test.no-usage':
      return whole([{ text: 'MARK-ANSWER' }], { usage: undefined });
    case 'test.zero':
      return whole([], { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 } });
    case 'test.unknown-block':
      return whole([{ hologram: { depth: 'MARK-ANSWER' } }, { text: 'MARK-ANSWER' }]);
    case 'arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1':
      return whole([{ text: 'MARK-ANSWER' }], {
        trace: {
          promptRouter: {
            invokedModelId:
              'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-5-sonnet-20240620-v1:0',
          },
        },
      });
    default:
      return whole([{ text: 'MARK-ANSWER ünï' }]);
  }
}

const start = event('messageStart', { role: 'assistant' });
const stop = (stopReason: string) => event('messageStop', { stopReason });
const metadata = (more = {}) => event('metadata', { usage: USAGE, metrics: { latencyMs: 5 }, ...more });
const delta = (contentBlockIndex: number, part: unknown) =>
  event('contentBlockDelta', { contentBlockIndex, delta: part });
const blockStop = (contentBlockIndex: number) => event('contentBlockStop', { contentBlockIndex });
const text = [start, delta(0, { text: 'MARK-' }), delta(0, { text: 'ANSWER ünï 🙂' }), blockStop(0)];

function converseStream(model: string, reply: AwsAnswer): unknown {
  switch (model) {
    case 'test.tools':
      return reply.events([
        ...text,
        event('contentBlockStart', {
          contentBlockIndex: 1,
          start: { toolUse: { toolUseId: 'tooluse_1', name: 'weather' } },
        }),
        delta(1, { toolUse: { input: '{"city":' } }),
        delta(1, { toolUse: { input: '"MARK-ARGS"}' } }),
        blockStop(1),
        stop('tool_use'),
        metadata(),
      ]);
    case 'test.reasoning':
      return reply.events([
        start,
        delta(0, { reasoningContent: { text: 'MARK-' } }),
        delta(0, { reasoningContent: { text: 'REASONING' } }),
        delta(0, { reasoningContent: { signature: 'sig' } }),
        blockStop(0),
        delta(1, { text: 'MARK-ANSWER' }),
        blockStop(1),
        stop('end_turn'),
        metadata({ usage: CACHED }),
      ]);
    case 'test.guarded':
      return reply.events([...text, stop('guardrail_intervened'), metadata({ trace: FOUND })]);
    case 'test.no-usage':
      return reply.events([...text, stop('end_turn')]);
    case 'test.exception':
      return reply.events([
        ...text.slice(0, 2),
        exceptionEvent('throttlingException', 'MARK-ERROR slow down'),
      ]);
    case 'test.error':
      return reply.events([...text.slice(0, 2), errorEvent('InternalFailure', 'MARK-ERROR sorry')]);
    case 'test.cut':
      // The last message is not whole.
      return reply.events([...text, stop('end_turn').subarray(0, 30)]);
    case 'test.hang-stream':
      return reply.events(text.slice(0, 2), { size: 10_000, end: 'hang' });
    case 'test.unknown-block':
      return reply.events([start, event('hologram', { depth: 1 }), ...text.slice(1), stop('end_turn')]);
    case 'test.whole':
      return reply.events([...text, stop('end_turn'), metadata()], { size: 100_000 });
    default:
      return reply.events([...text, stop('end_turn'), metadata()]);
  }
}
