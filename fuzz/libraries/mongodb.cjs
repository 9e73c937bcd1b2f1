'use strict';
const { awkwardRequest } = require('../awkward.cjs');
const clientsOf = require('../clients.cjs');
const mongodb = require('../formats/mongodb.cjs');

const { keep, after } = clientsOf((client) => client.close(true));
Object.assign(exports, { after, keepsTime: true, startServer: mongodb.startServer });
exports.start = async (load, url) => {
  const { MongoClient } = await load('mongodb').then((it) => ({ ...it.default, ...it }));
  const options = {
    ...{ serverSelectionTimeoutMS: 500, socketTimeoutMS: 400, retryReads: false, retryWrites: false },
    ...{ maxPoolSize: 2, directConnection: true },
  };
  const collection = () =>
    keep(new MongoClient(`mongodb://${url}`, options))
      .db('things')
      .collection('a');
  const own = (random, args) => args.map((arg) => awkwardRequest(random, arg));
  const call = (name, ...args) => ({ name, run: (random) => collection()[name](...own(random, args)) });
  const cursor = (name, ...args) => [
    {
      name: `${name}.toArray`,
      run: (random) =>
        collection()
          [name](...own(random, args))
          .toArray(),
    },
    { name, run: (random) => collection()[name](...own(random, args)) },
  ];
  return [
    call('insertOne', { _id: 1, name: 'a' }),
    call('insertMany', [{ _id: 1 }, { _id: 2 }]),
    call('findOne', { name: 'a' }),
    ...cursor('find', { name: 'a' }, { limit: 2 }),
    ...cursor('aggregate', [{ $match: { name: 'a' } }]),
    call('updateOne', { name: 'a' }, { $set: { name: 'b' } }),
    call('updateMany', { name: 'a' }, { $inc: { n: 1 } }),
    call('deleteOne', { name: 'a' }),
    call('findOneAndUpdate', { name: 'a' }, { $set: { name: 'b' } }),
    call('countDocuments', { name: 'a' }),
    call('distinct', 'name', { n: 1 }),
    call('bulkWrite', [{ insertOne: { document: { _id: 1 } } }, { deleteOne: { filter: { _id: 2 } } }]),
    call('createIndex', { name: 1 }),
    {
      name: 'connect',
      run: () =>
        keep(new MongoClient(`mongodb://${url}`, options))
          .connect()
          .then(() => 'connected'),
    },
  ];
};
