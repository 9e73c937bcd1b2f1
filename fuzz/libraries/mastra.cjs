'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer } = require('../formats/openai.cjs');

const silent = { trackException() {}, debug() {}, info() {}, warn() {}, error() {} };

exports.answer = answer;
exports.start = async (load, url) => {
  const { Agent } = await load('@mastra/core/agent');
  const { createTool } = await load('@mastra/core/tools');
  const { createStep, createWorkflow } = await load('@mastra/core/workflows');
  const { createOpenAI } = await load('@ai-sdk/openai');
  const { z } = await load('zod');
  const openai = createOpenAI({ apiKey: 'none', baseURL: `${url}/v1` });
  const look = createTool({
    id: 'look',
    description: 'looks',
    inputSchema: z.object({ at: z.string() }),
    execute: async (input) => ({ report: `${(input.context ?? input).at} is blue` }),
  });
  const agentOf = (random) => {
    const model = random.chance(0.5) ? openai.chat('gpt-4o-mini') : openai.responses('gpt-4o-mini');
    const tools = random.chance(0.5) ? { look } : undefined;
    const settings = { id: 'looker', name: 'Looker', instructions: 'be brief', maxRetries: 0 };
    const agent = new Agent({ ...settings, model, tools });
    agent.__setLogger?.(silent);
    return agent;
  };
  const text = z.object({ text: z.string() });
  const upper = createStep({
    ...{ id: 'upper', inputSchema: text, outputSchema: text },
    execute: async ({ inputData }) => ({ text: inputData.text.toUpperCase() }),
  });
  const asks = createStep({
    ...{ id: 'asks', inputSchema: text, outputSchema: text },
    execute: async ({ inputData, getInitData }) => {
      const chance = () => getInitData().text === 'hello';
      return { text: (await agentOf({ chance }).generate(inputData.text)).text };
    },
  });
  const flow = createWorkflow({ id: 'flow', inputSchema: text, outputSchema: text })
    .then(upper)
    .then(asks)
    .commit();
  const waits = createStep({
    ...{ id: 'waits', inputSchema: text, outputSchema: text, resumeSchema: text },
    execute: async ({ resumeData, suspend }) => resumeData ?? suspend({ reason: 'a' }),
  });
  const waiting = createWorkflow({ id: 'waiting', inputSchema: text, outputSchema: text })
    .then(waits)
    .commit();
  flow.__setLogger?.(silent);
  waiting.__setLogger?.(silent);
  const runOf = (workflow) => (workflow.createRunAsync ? workflow.createRunAsync() : workflow.createRun());
  const messages = [{ role: 'user', content: 'hello' }];
  const agentCall = (name, request) => ({
    name: `agent.${name}`,
    run: (random, abortSignal) =>
      agentOf(random)[name](awkwardRequest(random, request), { maxSteps: 2, abortSignal }),
  });
  return [
    agentCall('generate', 'hello'),
    agentCall('generate', messages),
    agentCall('stream', 'hello'),
    agentCall('stream', messages),
    {
      name: 'workflow',
      run: async (random) =>
        (await runOf(flow)).start({ inputData: awkwardRequest(random, { text: 'hello' }) }),
    },
    {
      name: 'workflow that waits',
      async run(random) {
        const run = await runOf(waiting);
        const { status } = await run.start({ inputData: { text: 'hello' } });
        const resumeData = awkwardRequest(random, { text: 'hello' });
        return [status, await run.resume({ step: 'waits', resumeData })];
      },
    },
    ...['generateVNext', 'streamVNext', 'generateLegacy', 'streamLegacy'].map((name) =>
      agentCall(name, 'hello'),
    ),
  ].filter(({ name }) => !name.startsWith('agent.') || name.slice(6) in Agent.prototype);
};
