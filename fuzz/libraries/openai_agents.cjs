'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer } = require('../formats/openai.cjs');

exports.answer = answer;
exports.start = async (load, url) => {
  const { Agent, OpenAIProvider, Runner, tool, setTracingDisabled } = await load('@openai/agents');
  const { z } = await load('zod');
  setTracingDisabled(true);
  const look = tool({
    name: 'look',
    description: 'looks',
    parameters: z.object({ at: z.string() }),
    execute: async ({ at }) => `${at} is blue`,
  });
  const model = 'gpt-4o-mini';
  const poet = new Agent({ name: 'Poet', model, instructions: 'write' });
  const agent = new Agent({
    name: 'Looker',
    model,
    instructions: 'be brief',
    tools: [look],
    handoffs: [poet],
  });
  const runners = [true, false].map(
    (useResponses) =>
      new Runner({
        modelProvider: new OpenAIProvider({ apiKey: 'none', baseURL: `${url}/v1`, useResponses }),
      }),
  );
  const call = (name, options) => ({
    name,
    run: (random, signal) =>
      random
        .pick(runners)
        .run(random.pick([agent, poet]), awkwardRequest(random, [{ role: 'user', content: 'hello' }]), {
          maxTurns: 2,
          signal,
          ...options,
        }),
  });
  return [call('run'), call('run in a stream', { stream: true })];
};
