'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const { answer } = require('../formats/openai.cjs');

exports.answer = answer;
/** It counts tokens by tables that it loads from the internet: it gets empty ones. */
function withoutTables() {
  const { fetch } = globalThis;
  const empty = { pat_str: '.', special_tokens: {}, bpe_ranks: '' };
  globalThis.fetch = (...args) =>
    String(args[0]).includes('tiktoken') ? Promise.resolve(Response.json(empty)) : fetch(...args);
}

exports.start = async (load, url) => {
  withoutTables();
  const { ChatOpenAI, OpenAIEmbeddings } = await load('@langchain/openai');
  const { RunnableLambda, RunnableParallel } = await load('@langchain/core/runnables');
  const { StringOutputParser } = await load('@langchain/core/output_parsers');
  const { ChatPromptTemplate } = await load('@langchain/core/prompts');
  const { tool } = await load('@langchain/core/tools');
  const configuration = { baseURL: `${url}/v1` };
  const settings = { apiKey: 'none', configuration, maxRetries: 0, model: 'gpt-4o-mini' };
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
    run: (random, signal) => run(random, awkwardRequest(random, request), { signal }),
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
