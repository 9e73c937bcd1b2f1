import { safely } from '../../config/safely';
import { context } from '../../telemetry/api';
import { followIterator, standIn } from '../../telemetry/follow';
import { asArray, asDict, asString, type Dict } from '../genai/read';
import { defineInstrument } from '../kit/define';
import { patch, type Wrapper } from '../kit/wrap';
import { type Session, sessionOf, startSession } from './session';

const WHERE = 'the claude_agent_sdk instrument';

/**
 * `@anthropic-ai/claude-agent-sdk`: the agent runs in a process of its own, Claude Code, whose messages tell what it does. Tools
 * and callbacks of the app's run here.
 */
export const instrument = defineInstrument({
  id: 'claude_agent_sdk',
  patchModule({ exports }) {
    patch((wrap) => {
      wrap(exports, 'query', runsAgent);
      wrap(exports, 'createSdkMcpServer', makesTools);
    });
  },
});

const runsAgent: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const params = asDict(args[0]);
    const session = params && safely(WHERE, () => startSession(params));
    if (!params || !session) return original.apply(this, args);
    const passed = safely(WHERE, () => [withSeenPrompt(params, session), ...args.slice(1)]) ?? args;
    let query: unknown;
    try {
      query = session.run(() => original.apply(this, passed));
    } catch (error) {
      safely(WHERE, () => session.fail(error));
      throw error;
    }
    safely(WHERE, () => follow(query, session));
    return query;
  };

/** Messages are seen as they come from Claude Code: the app may read them later, or not at all. */
function follow(given: unknown, session: Session): void {
  const query = asDict(given);
  if (!query) {
    session.end();
    return;
  }
  session.settleWith(query);
  const stream = asDict(query.inputStream);
  if (typeof stream?.enqueue !== 'function') {
    followIterator(query as unknown as AsyncIterator<unknown>, {
      onItem: session.received,
      onDone: session.end,
      onError: session.fail,
    });
    return;
  }
  see(stream, 'enqueue', session.received);
  see(stream, 'done', session.end);
  see(stream, 'error', session.fail);
  see(query, 'return', session.end);
  // What `for await` iterates in the first versions.
  const messages = asDict(query.sdkMessages);
  if (messages) see(messages, 'return', session.end);
}

/** Tells of each call of a method of this one object. */
function see(target: Dict, name: string, tell: (argument: unknown) => void): void {
  const method = target[name];
  if (typeof method !== 'function') return;
  const value = standIn(method as (...args: unknown[]) => unknown, (original, self, args) => {
    safely(WHERE, () => tell(args[0]));
    return Reflect.apply(original, self, args);
  });
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}

/** What the app says bit by bit is seen as the SDK takes it. */
function withSeenPrompt(params: Dict, session: Session): Dict {
  const prompt = params.prompt as AsyncIterable<unknown> | string | undefined;
  if (typeof prompt !== 'object' || prompt === null || !(Symbol.asyncIterator in prompt)) return params;
  return {
    ...params,
    prompt: {
      async *[Symbol.asyncIterator]() {
        for await (const message of prompt) {
          safely(WHERE, () => session.said(message));
          yield message;
        }
      },
    },
  };
}

/** A server of tools that run in this process, each as part of the call that Claude Code makes. */
const makesTools: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    return original.apply(this, safely(WHERE, () => withContext(args)) ?? args);
  };

function withContext(args: unknown[]): unknown[] {
  const options = asDict(args[0]);
  const tools = asArray(options?.tools);
  if (!options || !tools) return args;
  const server = asString(options.name) ?? '';
  return [{ ...options, tools: tools.map((tool) => inContext(tool, server)) }, ...args.slice(1)];
}

function inContext(given: unknown, server: string): unknown {
  const tool = asDict(given);
  const handler = tool?.handler;
  if (!tool || typeof handler !== 'function') return given;
  const name = `mcp__${server}__${asString(tool.name) ?? ''}`;
  const seen = standIn(handler as (...args: unknown[]) => unknown, (original, self, args) => {
    const inside = safely(WHERE, () =>
      sessionOf(context.active())?.contextOfTool(name, args[0], useIdIn(args[1])),
    );
    const run = () => Reflect.apply(original, self, args);
    return inside ? context.with(inside, run) : run();
  });
  return { ...tool, handler: seen };
}

const useIdIn = (extra: unknown): unknown => asDict(asDict(extra)?._meta)?.['claudecode/toolUseId'];
