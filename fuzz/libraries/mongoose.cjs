'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const clientsOf = require('../clients.cjs');
const mongodb = require('../formats/mongodb.cjs');

const { keep, after } = clientsOf((connection) => connection.close(true));
Object.assign(exports, { after, keepsTime: true, startServer: mongodb.startServer });
exports.start = async (load, url) => {
  const mongoose = await load('mongoose').then((it) => it.default ?? it);
  const options = {
    serverSelectionTimeoutMS: 500,
    socketTimeoutMS: 400,
    maxPoolSize: 2,
    autoIndex: false,
    autoCreate: false,
  };
  function model() {
    const connection = keep(
      mongoose.createConnection(`mongodb://${url}/things?directConnection=true`, options),
    );
    connection.on('error', () => {});
    connection.asPromise().catch(() => {});
    return connection.model('Thing', new mongoose.Schema({ name: String, n: Number }));
  }
  const own = (random, args) => args.map((arg) => awkwardRequest(random, arg));
  // A query holds all of the connection, with what is new each time.
  const call = (name, ...args) => ({ name, run: async (random) => model()[name](...own(random, args)) });
  const executed = (name, ...args) => ({
    name: `${name}.exec`,
    run: (random) =>
      model()
        [name](...own(random, args))
        .exec(),
  });
  const asks = [
    ['find', { name: 'a' }],
    ['findOne', { name: 'a' }, 'name'],
    ['countDocuments', { n: 1 }],
    ['distinct', 'name', { n: 1 }],
    ['updateOne', { name: 'a' }, { name: 'b' }],
    ['updateMany', { name: 'a' }, { $inc: { n: 1 } }],
    ['deleteOne', { name: 'a' }],
    ['findOneAndUpdate', { name: 'a' }, { n: 2 }, { new: true }],
    ['aggregate', [{ $match: { name: 'a' } }]],
  ];
  return [
    ...asks.flatMap(([name, ...args]) => [call(name, ...args), executed(name, ...args)]),
    call('create', { name: 'a', n: 1 }),
    call('insertMany', [{ name: 'a' }, { name: 'b' }]),
    call('bulkWrite', [{ insertOne: { document: { name: 'a' } } }]),
    {
      name: 'save',
      async run(random) {
        const Thing = model();
        const thing = new Thing(awkwardRequest(random, { name: 'a', n: 1 }));
        const saved = await thing.save();
        return [saved === thing, saved.name, saved.isNew];
      },
    },
    {
      name: 'a query that is continued',
      run: async (random) =>
        model()
          .find(...own(random, [{ name: 'a' }]))
          .where('n')
          .gt(1)
          .limit(2)
          .lean(),
    },
  ];
};
