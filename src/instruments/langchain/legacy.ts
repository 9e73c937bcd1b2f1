import { ATTR } from '../genai/attributes';
import { stepMethod } from '../kit/step';
import type { Wrapper } from '../kit/wrap';
import { lastOf } from './chunks';
import { generatorRun } from './generators';
import { configOf, type Run, runName, startChain, startRun, WHERE } from './run';

/** Chains from before there were runnables, and the AgentExecutor, which is one of them. */
export const legacyChainRun: Wrapper = stepMethod<Run>({
  where: WHERE,
  begin: (args, self) => startLegacy(self, args),
  onAnswer: (run, output) => run.succeed(output),
});

export const agentStreamRun: Wrapper = generatorRun(startLegacy, lastOf);

function startLegacy(self: unknown, [input, options]: unknown[]): Run {
  const chain = self as { agent?: unknown; _chainType?: unknown };
  const isAgent = chain.agent !== undefined && typeof chain._chainType === 'function';
  if (!isAgent) return startChain(self, input, options);
  const config = configOf(options);
  const name = runName(self, config);
  const attributes = { [ATTR.operationName]: 'invoke_agent', [ATTR.agentName]: name };
  return startRun({ kind: 'agent', name, config, input, attributes });
}
