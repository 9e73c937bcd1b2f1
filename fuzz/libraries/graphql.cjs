'use strict';
const { awkwardRequest } = require('../awkward.cjs');

exports.answer = () => ({ json: {} });
exports.start = async (load) => {
  const sdk = await load('graphql');
  const { GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString } = sdk;
  const fields = (resolvers) =>
    Object.fromEntries(
      Object.entries(resolvers).map(([name, resolve]) => [name, { type: GraphQLString, resolve }]),
    );
  const Person = new GraphQLObjectType({
    name: 'Person',
    fields: () => ({
      ...fields({
        name: ({ id }) => `name of ${id}`,
        later: async ({ id }) => `later ${id}`,
        fails() {
          throw new RangeError('of the app');
        },
        rejects: () => Promise.reject(new TypeError('rejected')),
        nothing: () => null,
      }),
      plain: { type: GraphQLString },
      friends: {
        type: new GraphQLList(Person),
        resolve: () => [{ id: 'a' }, { id: 'b', plain: 'yes' }, null],
      },
    }),
  });
  const argsOf = { id: { type: GraphQLString }, n: { type: GraphQLInt } };
  const person = { type: Person, args: argsOf, resolve: (_, { id }) => ({ id, plain: () => 'of a method' }) };
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { person, count: { type: GraphQLInt } } }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: { rename: person } }),
  });
  const sources = [
    '{ person(id: "a") { name later } }',
    'query Who($id: String) { person(id: $id) { name friends { name plain } } }',
    '{ person { fails rejects nothing } count }',
    'mutation M { rename(id: "b") { name } }',
    'query A { count } query B { person { plain } }',
    '{ person(id: 7) { unknown } }',
    '{',
    '',
    'fragment F on Person { name } { person { ...F ... on Person { later } } }',
  ];
  const rest = (random) => ({
    rootValue: awkwardRequest(random, { count: 3 }),
    variableValues: awkwardRequest(random, { id: 'c' }),
    operationName: random.chance(0.2) ? awkwardRequest(random, ['A'])?.[0] : undefined,
    contextValue: { a: 1 },
  });
  const parsed = (random) => sdk.parse(random.pick(sources));
  return [
    {
      name: 'graphql',
      run: (random) => sdk.graphql({ schema, source: random.pick(sources), ...rest(random) }),
    },
    {
      name: 'graphqlSync',
      run: (random) => sdk.graphqlSync({ schema, source: random.pick(sources), ...rest(random) }),
    },
    { name: 'execute', run: (random) => sdk.execute({ schema, document: parsed(random), ...rest(random) }) },
    {
      name: 'execute of anything',
      run: (random) => sdk.execute(awkwardRequest(random, { schema, document: {} })),
    },
    { name: 'parse', run: (random) => sdk.parse(awkwardRequest(random, [random.pick(sources)])?.[0]) },
    { name: 'validate', run: (random) => sdk.validate(schema, parsed(random)) },
    {
      name: 'validate of anything',
      run: (random) => sdk.validate(schema, awkwardRequest(random, { kind: 'Document', definitions: [] })),
    },
  ];
};
