'use strict';
const { promisify } = require('node:util');
const { awkwardAnswer, awkwardRequest } = require('../awkward.cjs');
const { grpcDesk } = require('../grpc.cjs');

/** A trace is carried on between an app's own services. */
const ignored = ['traceparent', 'user-agent'];
let sdk;
exports.startServer = async (_table, inApp) => {
  sdk = inApp('@grpc/grpc-js');
  const desk = grpcDesk((code, details) => ({ code, details }));
  const answered = (call) => {
    const metadata = Object.keys(call.metadata.getMap()).filter((name) => !ignored.includes(name));
    return desk.answered(call.getPath(), call.request, metadata, { a: 1, words: ['b', null] });
  };
  const handlers = {
    unary(call, done) {
      try {
        done(null, answered(call));
      } catch (error) {
        done(error);
      }
    },
    serverStream(call) {
      try {
        for (let left = 3; left > 0; left--) call.write(answered(call));
        call.end();
      } catch (error) {
        call.emit('error', error);
      }
    },
    clientStream(call, done) {
      const came = [];
      call.on('data', (value) => came.push(value));
      call.on('end', () => done(null, came));
    },
    both(call) {
      call.on('data', (value) => call.write(value));
      call.on('end', () => call.end());
    },
  };
  const server = new sdk.Server();
  server.addService(SERVICE, handlers);
  const port = await promisify(server.bindAsync.bind(server))(
    '127.0.0.1:0',
    sdk.ServerCredentials.createInsecure(),
  );
  return { url: `127.0.0.1:${port}`, ...desk.asServer, close: () => server.forceShutdown() };
};

const json = {
  serialize: (value) => Buffer.from(JSON.stringify(value) ?? 'null'),
  deserialize: (bytes) => JSON.parse(bytes),
};
const method = (name, requestStream, responseStream) => ({
  ...{ path: `/things.Things/${name}`, requestStream, responseStream },
  ...{ requestSerialize: json.serialize, requestDeserialize: json.deserialize },
  ...{ responseSerialize: json.serialize, responseDeserialize: json.deserialize },
});
const SERVICE = {
  unary: method('Unary', false, false),
  serverStream: method('ServerStream', false, true),
  clientStream: method('ClientStream', true, false),
  both: method('Both', true, true),
};

exports.keepsTime = true;
exports.start = async (load, url) => {
  const { credentials, makeGenericClientConstructor, Metadata } = await load('@grpc/grpc-js').then(
    (it) => it.default ?? it,
  );
  const Client = makeGenericClientConstructor(SERVICE, 'things.Things');
  const client = new Client(url, credentials.createInsecure());
  const asked = (random) => awkwardAnswer(random, { name: 'a', list: [1, { b: 2 }] });
  const metadata = (random) => {
    const made = new Metadata();
    if (random.chance(0.5)) made.set('x-own', 'b');
    return random.chance(0.8) ? made : awkwardRequest(random, [made])?.[0];
  };
  const unary = (random, args) =>
    new Promise((resolve) => {
      const call = client.unary(...args, (...results) => resolve(results));
      if (random.chance(0.1)) call.cancel();
    });
  const ends = (call, seen = []) =>
    new Promise((resolve) => {
      call.on('data', (value) => seen.push(value));
      call.on('error', ({ code, details }) => resolve([...seen, code, details]));
      call.on('end', () => resolve(seen));
    });
  return [
    { name: 'unary', run: (random) => unary(random, [asked(random)]) },
    { name: 'unary with metadata', run: (random) => unary(random, [asked(random), metadata(random)]) },
    {
      name: 'unary with options',
      run: (random) => unary(random, [asked(random), metadata(random), { deadline: Date.now() + 5_000 }]),
    },
    { name: 'server stream', run: (random) => ends(client.serverStream(asked(random))) },
    {
      name: 'server stream with metadata',
      run: (random) => ends(client.serverStream(asked(random), metadata(random))),
    },
    {
      name: 'client stream',
      run: (random) =>
        new Promise((resolve) => {
          const call = client.clientStream((...results) => resolve(results));
          for (let left = random.below(3); left > 0; left--) call.write(asked(random));
          call.end();
        }),
    },
    {
      name: 'both',
      run(random) {
        const call = client.both(metadata(random));
        for (let left = random.below(3); left > 0; left--) call.write(asked(random));
        call.end();
        return ends(call);
      },
    },
  ];
};
