'use strict';
const { answer, call, prepared } = require('./llama_index.cjs');

exports.answer = answer;
/** What is made of models and retrievers. */
exports.start = async (load, url) => {
  const { li, llm, index, look } = await prepared(load, url);
  const retriever = () => index.asRetriever({ similarityTopK: 2 });
  const engine = () =>
    index.asQueryEngine({
      nodePostprocessors: [
        new li.SimilarityPostprocessor({ similarityCutoff: 0.1 }),
        new li.MetadataReplacementPostProcessor('window'),
      ],
    });
  const ENGINES = {
    simple: () => new li.SimpleChatEngine({ llm }),
    condense: () => new li.CondenseQuestionChatEngine({ queryEngine: engine() }),
  };
  const found = () => ['a', 'b'].map((text) => ({ node: new li.TextNode({ text, id_: text }), score: 0.5 }));
  const documents = () => [new li.Document({ text: 'a document', id_: 'd' })];
  const EVALUATORS = ['CorrectnessEvaluator', 'FaithfulnessEvaluator', 'RelevancyEvaluator'];
  const AGENTS = ['OpenAIAgent', 'ReActAgent'].filter((name) => li[name]);
  const chat = (name, make) => [
    call(`${name}.chat`, { message: 'hello' }, (request) => make().chat(request)),
    call(`${name}.chat in a stream`, { message: 'hello', stream: true }, (request) => make().chat(request)),
  ];
  return [
    ...Object.entries(ENGINES).flatMap(([name, make]) => chat(name, make)),
    ...AGENTS.flatMap((name) => chat(name, () => new li[name]({ tools: [look], llm, verbose: false }))),
    ...['compact', 'refine', 'tree_summarize'].map((mode) =>
      call(`synthesizer ${mode}`, { query: 'hello' }, (request, random) => {
        const nodes = random.chance(0.8) ? found() : [];
        const stream = random.chance(0.5);
        return li.getResponseSynthesizer(mode, { llm }).synthesize({ ...request, nodes }, stream);
      }),
    ),
    call('query with postprocessors', { query: 'hello' }, (request) => engine().query(request)),
    call('retrieve two', { query: 'hello' }, (request) => retriever().retrieve(request)),
    ...EVALUATORS.map((name) =>
      call(name, { query: 'hello', response: 'a', contexts: ['b'], reference: 'c' }, (request) =>
        new li[name]({ llm }).evaluate(request),
      ),
    ),
    call('ingestion', undefined, (_request, random) => {
      const transformations = [new li.SentenceSplitter(), li.Settings.embedModel];
      const pipeline = new li.IngestionPipeline({ transformations });
      return pipeline.run({ documents: random.chance(0.8) ? documents() : [] }).then((nodes) => nodes.length);
    }),
    ...['VectorStoreIndex', 'SummaryIndex', 'KeywordTableIndex'].map((name) =>
      call(name, undefined, () =>
        li[name].fromDocuments(documents(), { llm }).then((made) => made.constructor.name),
      ),
    ),
    call('selector', 'hello', (query) =>
      new li.LLMSingleSelector({ llm }).select(
        ['a', 'b'].map((description) => ({ description })),
        query,
      ),
    ),
  ];
};
