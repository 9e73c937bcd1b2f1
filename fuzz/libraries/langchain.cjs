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

/** Which of two requests comes first is up to chance. */
const ONE_BY_ONE = { maxConcurrency: 1 };

/** With the identifiers of runs, which are new each time. */
async function* eventNames(events) {
  for await (const { event, name } of events) yield `${event} ${name}`;
}

exports.start = async (load, url) => {
  withoutTables();
  const { ChatOpenAI, OpenAI, OpenAIEmbeddings } = await load('@langchain/openai');
  const { Document } = await load('@langchain/core/documents');
  const { BaseRetriever } = await load('@langchain/core/retrievers');
  const { RunnableBranch, RunnableLambda, RunnableParallel, RunnablePassthrough } =
    await load('@langchain/core/runnables');
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
  const completion = new OpenAI({ ...settings, model: 'gpt-3.5-turbo-instruct' });
  const branch = RunnableBranch.from([
    [({ text }) => text === 'hello', RunnableLambda.from(({ text }) => text)],
    prompt,
  ]);
  const failing = RunnableLambda.from(() => {
    throw new RangeError('no');
  });
  class Own extends BaseRetriever {
    lc_namespace = ['own'];
    async _getRelevantDocuments(query) {
      await embeddings.embedQuery(query);
      return [new Document({ pageContent: 'a', metadata: { t: 1 } })];
    }
  }
  const retriever = new Own();
  return [
    call('model.invoke', messages, (random, input, options) => random.pick(models).invoke(input, options)),
    call('model.stream', messages, (random, input, options) => random.pick(models).stream(input, options)),
    call('model.batch', [messages, messages], (random, input, options) =>
      random.pick(models).batch(input, { ...options, ...ONE_BY_ONE }),
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
    call('chain.batch', [{ text: 'hello' }, { text: 'b' }], (random, input, options) =>
      chainOf(random).batch(input, { ...options, ...ONE_BY_ONE }),
    ),
    call('chain.streamEvents', { text: 'hello' }, (random, input, options) =>
      eventNames(chainOf(random).streamEvents(input, { ...options, version: 'v2' })),
    ),
    call('completion.invoke', 'hello', (_random, input, options) => completion.invoke(input, options)),
    call('completion.stream', 'hello', (_random, input, options) => completion.stream(input, options)),
    call('retriever', 'hello', (_random, input, options) => retriever.invoke(input, options)),
    call('branch', { text: 'hello' }, (random, input, options) =>
      branch[random.pick(['invoke', 'stream'])](input, options),
    ),
    call('assign', { text: 'hello' }, (random, input, options) =>
      RunnablePassthrough.assign({ answer: chainOf(random) })[random.pick(['invoke', 'stream'])](
        input,
        options,
      ),
    ),
    call('fallback', { text: 'hello' }, (random, input, options) =>
      failing.withFallbacks([chainOf(random)])[random.pick(['invoke', 'batch', 'stream'])](input, options),
    ),
    call('retry', { text: 'hello' }, (random, input, options) =>
      random.pick([failing, upper]).withRetry({ stopAfterAttempt: 2 }).invoke(input, options),
    ),
    call('embedQuery', 'a', (_random, input) => embeddings.embedQuery(input)),
  ];
};
