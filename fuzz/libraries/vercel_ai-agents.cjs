'use strict';
const { awkwardAnswer, awkwardRequest } = require('../awkward.cjs');
const { answer, lookOf, providerOf } = require('./vercel_ai.cjs');

async function momentsLater(result) {
  for (let moment = 0; moment < 50; moment++) await undefined;
  return result;
}

exports.answer = answer;
/** Agents, and models of kinds that the provider has none of. */
exports.start = async (load, url) => {
  const ai = await load('ai');
  const provider = await providerOf(load, url);
  const look = lookOf(ai);
  const Agent = ai.ToolLoopAgent ?? ai.Experimental_Agent;
  const settings = { maxRetries: 0, onError() {} };
  const agentCall = (name) => ({
    name: `agent.${name}`,
    run(random, abortSignal) {
      const model = random.chance(0.5) ? provider.chat('gpt-4o-mini') : provider.responses('gpt-4o-mini');
      const tools = random.chance(0.5) ? { look } : undefined;
      const agent = new Agent({ ...settings, id: 'looker', model, tools, instructions: 'be brief' });
      const answered = agent[name]({ ...awkwardRequest(random, { prompt: 'hello' }), abortSignal });
      // How far a stream has come by the moment that it is handed over is no one's to repeat.
      return name === 'stream' ? answered.then(momentsLater) : answered;
    },
  });
  const { specificationVersion } = provider.chat('gpt-4o-mini');
  const about = { specificationVersion, provider: 'own', modelId: 'own-1' };
  /** What answers as it likes, or not at all. */
  const answering = (random, proper) => async () => {
    if (random.chance(0.15)) throw new RangeError('no');
    return awkwardAnswer(random, proper);
  };
  const ranking = [{ index: 1, relevanceScore: 0.9 }];
  const videos = [{ type: 'base64', data: 'AAAA', mediaType: 'video/mp4' }];
  const filmed = { videos, warnings: [], response: { modelId: 'own-1', headers: {} } };
  const OTHERS = {
    rerank: (random) => ({
      ...awkwardRequest(random, { query: 'hello', documents: ['a', 'b'], topN: 1 }),
      model: { ...about, doRerank: answering(random, { ranking }) },
    }),
    experimental_generateVideo: (random) => ({
      ...awkwardRequest(random, { prompt: 'a sky' }),
      model: { ...about, maxVideosPerCall: 1, doGenerate: answering(random, filmed) },
    }),
  };
  const others = Object.entries(OTHERS)
    .filter(([name]) => ai[name])
    .map(([name, request]) => ({
      name,
      run: (random, abortSignal) => ai[name]({ ...request(random), ...settings, abortSignal }),
    }));
  return [agentCall('generate'), agentCall('stream'), ...others];
};
