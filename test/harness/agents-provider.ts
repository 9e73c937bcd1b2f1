import { LLMock } from '@copilotkit/aimock';
import { forward } from './openai-provider';
import { json, startProviderServer } from './provider-server';
import type { ProviderServer } from './provider-suite';

/**
 * aimock as the models of agents, with every request kept as it came but for the ids that aimock makes up. What the
 * agents' own tracing sends is taken, and counted by nobody: it is all random.
 */
export async function startAgentsProvider(): Promise<ProviderServer> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' });
  const usage = {
    prompt_tokens: 21,
    completion_tokens: 9,
    input_tokens: 21,
    output_tokens: 9,
    total_tokens: 30,
  };
  const call = (name: string, args: string, id: string) => ({
    toolCalls: [{ name, arguments: args, id }],
    usage,
  });
  const asked = (userMessage: RegExp) => ({ userMessage, hasToolResult: false });
  mock.on(
    asked(/\[(tools|chat|stream|chat-stream|insensitive|loop)\]/),
    call('weather', '{"city":"MARK-CITY"}', 'call_1'),
  );
  mock.on({ userMessage: /\[loop\]/ }, call('weather', '{"city":"MARK-CITY"}', 'call_2'));
  mock.on({ toolCallId: 'call_1' }, call('advise', '{"sky":"sunny"}', 'call_2'));
  mock.on(asked(/\[parallel-tools\]/), {
    toolCalls: [
      { name: 'weather', arguments: '{"city":"MARK-ONE"}', id: 'call_3' },
      { name: 'weather', arguments: '{"city":"MARK-TWO"}', id: 'call_4' },
    ],
    usage,
  });
  mock.on(asked(/\[handoff\]/), call('transfer_to_Poet', '{}', 'call_5'));
  mock.on(asked(/\[nested\]/), call('poet', '{"input":"[poem] MARK-PROMPT"}', 'call_6'));
  mock.on(asked(/\[tool-fails\]/), call('breaks', '{}', 'call_7'));
  mock.on(
    { userMessage: /\[model-fails\]/ },
    { error: { message: 'MARK-ERROR no', type: 'invalid_request_error' }, status: 400 },
  );
  mock.on({ userMessage: /./ }, { content: 'MARK-ANSWER', usage });
  await mock.start();
  const server = await startProviderServer(({ raw, path, request }, response) => {
    if (path.includes('/traces')) json(response, 204, '');
    else forward(mock.url, request, raw, response);
  });
  return {
    ...server,
    takeRequests: () =>
      server
        .takeRequests()
        .filter((request) => !request.includes('/traces'))
        .map((request) =>
          request
            .replace(/"((?:msg|fc|rs|resp)[-_])[\w-]{8,}"/g, '"$1ID"')
            .replace(/content-length: \d+/gi, 'content-length: N'),
        )
        .sort(),
    async close() {
      await server.close();
      await mock.stop();
    },
  };
}
