'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer } = require('../formats/openai.cjs');

exports.answer = answer;
exports.start = async (load, url) => {
  const { ChatOpenAI, OpenAIEmbeddings } = await load('@langchain/openai');
  const { RunnableLambda, RunnableParallel } = await load('@langchain/core/runnables');
  const { StringOutputParser } = await load('@langchain/core/output_parsers');
  const { ChatPromptTemplate } = await load('@langchain/core/prompts');
  const { tool } = await load('@langchain/core/tools');
  const configuration = { baseURL: `${url}/v1` };
  // Of a model it knows it counts tokens, by tables that it loads from the internet.
  const settings = { apiKey: 'none', configuration, maxRetries: 0, model: 'local' };
  const models = [new ChatOpenAI(settings), new ChatOpenAI({ ...settings, streaming: true })];
  const prompt = ChatPromptTemplate.fromMessages([
    ['system', 'be brief'],
    ['human', '{text}'],
  ]);
  const upper = RunnableLambda.from((text) => String(text).toUpperCase());
  const look = tool(async ({ at }) => `${at} is blue`, {
    name: 'look',
    description: 'looks',
    schema: { type: 'object', properties: { at: { type: 'string' } } },
  });
  const chainOf = (random) => prompt.pipe(random.pick(models)).pipe(new StringOutputParser()).pipe(upper);
  const messages = [
    ['system', 'be brief'],
    ['human', 'hello'],
  ];
  const call = (name, request, run) => ({
    name,
    run: (random, signal) => run(random, awkwardRequest(random, request), { signal, maxRetries: 0 }),
  });
  const embeddings = new OpenAIEmbeddings({ ...settings, model: 'e' });
  return [
    call('model.invoke', messages, (random, input, options) => random.pick(models).invoke(input, options)),
    call('model.stream', messages, (random, input, options) => random.pick(models).stream(input, options)),
    call('model.batch', [messages, messages], (random, input, options) =>
      random.pick(models).batch(input, options),
    ),
    call('model with tools', messages, (random, input, options) =>
      random.pick(models).bindTools([look]).invoke(input, options),
    ),
    call('chain.invoke', { text: 'hello' }, (random, input, options) =>
      chainOf(random).invoke(input, options),
    ),
    call('chain.stream', { text: 'hello' }, (random, input, options) =>
      chainOf(random).stream(input, options),
    ),
    call('parallel', { text: 'hello' }, (_random, input, options) =>
      RunnableParallel.from({ a: prompt, b: (value) => Object.keys(value) }).invoke(input, options),
    ),
    call('tool', { at: 'sky' }, (_random, input, options) => look.invoke(input, options)),
    call('embedQuery', 'a', (_random, input) => embeddings.embedQuery(input)),
  ];
};
