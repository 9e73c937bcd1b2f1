import type { CatalogPackage, CatalogRow } from './row';

/** Which modules an instrumentation of OpenTelemetry patches: checked against what it says by a test. */
const main: Record<string, string[]> = { '.': [] };
const files = (...paths: string[]): Record<string, string[]> =>
  Object.fromEntries(paths.map((path) => [path, []]));

const range = (name: string, from: string, below: string, patched = main): CatalogPackage => ({
  name,
  tested: { from, below },
  files: patched,
});

/** `name` is that of the instrumentation, in OTEL_NODE_ENABLED_INSTRUMENTATIONS and at the end of its package's name. */
function row(
  name: string,
  title: string,
  packages: CatalogPackage[],
  more: Partial<Pick<CatalogRow, 'aliases' | 'isOff' | 'chunk'>> = {},
): CatalogRow {
  return {
    id: name.replace(/[-.]/g, '_'),
    title,
    category: 'infrastructure',
    packages,
    chunk: `instrument-${name}`,
    scope: `@opentelemetry/instrumentation-${name}`,
    ...more,
  };
}

const redisClient = files(
  '.',
  'dist/lib/commander',
  'dist/lib/client/index',
  'dist/lib/client/multi-command',
  'dist/lib/cluster/index',
  'dist/lib/cluster/multi-command',
);

/** ES modules that bundlers take in place of what Node loads. */
const CLIENT = ['Client'];

const builtin = (name: string, title: string): CatalogRow => ({
  ...row(name, title, [], { isOff: 'very many spans' }),
  packages: undefined,
  startsAtOnce: true,
});

/** Says itself that a server is made, inlined by a bundler or not. */
const fastify: CatalogRow = {
  id: 'fastify',
  title: 'Fastify',
  category: 'infrastructure',
  packages: [range('fastify', '3.29.0', '6.0.0', {})],
  channels: ['fastify.initialization'],
  chunk: 'instrument-fastify',
};

/** Changes what the app writes. */
const correlation = { isOff: 'adds trace_id and span_id to log lines' };

/** Everything OpenTelemetry has an instrumentation for that is not the subject of this product. */
export const infrastructure: CatalogRow[] = [
  row('express', 'Express', [range('express', '4.0.0', '6.0.0')]),
  fastify,
  row('koa', 'Koa', [range('koa', '2.0.0', '4.0.0')]),
  row('hapi', 'hapi', [range('@hapi/hapi', '17.0.0', '22.0.0', files('lib/toolkit'))]),
  row(
    'nestjs-core',
    'NestJS',
    [
      {
        ...range('@nestjs/core', '4.0.0', '13.0.0'),
        files: {
          'nest-factory': ['NestFactoryStatic'],
          'router/router-execution-context': ['RouterExecutionContext'],
        },
      },
    ],
    { aliases: ['nestjs', 'nest'] },
  ),
  row('connect', 'Connect', [range('connect', '3.0.0', '4.0.0')]),
  row('restify', 'Restify', [range('restify', '4.1.0', '13.0.0', files('.', 'lib/server'))]),
  row('router', 'router', [range('router', '1.0.0', '3.0.0', files('.', 'lib/layer'))]),
  row('graphql', 'GraphQL.js', [
    range(
      'graphql',
      '14.0.0',
      '17.0.0',
      files('execution/execute', 'language/parser', 'validation/validate'),
    ),
  ]),
  row('grpc', 'gRPC', [range('@grpc/grpc-js', '1.0.0', '2.0.0')]),
  row(
    'socket.io',
    'Socket.IO',
    [
      range(
        'socket.io',
        '2.0.0',
        '5.0.0',
        files('.', 'dist/broadcast-operator', 'dist/namespace', 'dist/socket', 'lib/namespace', 'lib/socket'),
      ),
    ],
    { aliases: ['socketio'] },
  ),
  row(
    'pg',
    'PostgreSQL (pg)',
    [
      range('pg', '8.0.3', '9.0.0', files('.', 'lib/client', 'lib/native/client')),
      range('pg-pool', '2.0.0', '4.0.0'),
    ],
    { aliases: ['postgresql'] },
  ),
  row('mysql', 'MySQL (mysql)', [range('mysql', '2.0.0', '3.0.0')], { aliases: ['pymysql'] }),
  row(
    'mysql2',
    'MySQL (mysql2)',
    [range('mysql2', '1.4.2', '4.0.0', files('.', 'promise', 'lib/connection'))],
    { aliases: ['pymysql'] },
  ),
  row('mongodb', 'MongoDB', [
    range(
      'mongodb',
      '3.3.0',
      '8.0.0',
      files(
        'lib/core/wireprotocol/index',
        'lib/cmap/connection',
        'lib/cmap/connection_pool',
        'lib/cmap/connect',
        'lib/sessions',
      ),
    ),
  ]),
  row('mongoose', 'Mongoose', [range('mongoose', '5.9.7', '10.0.0')]),
  row('redis', 'Redis (redis)', [
    range('redis', '2.6.0', '7.0.0'),
    range('@redis/client', '1.0.0', '7.0.0', redisClient),
    range('@node-redis/client', '1.0.0', '2.0.0', redisClient),
  ]),
  row('ioredis', 'Redis (ioredis)', [range('ioredis', '2.0.0', '7.0.0')], { aliases: ['redis'] }),
  row('knex', 'Knex', [
    range(
      'knex',
      '0.10.0',
      '4.0.0',
      files('src/client', 'lib/client', 'src/runner', 'lib/runner', 'lib/execution/runner'),
    ),
  ]),
  row('oracledb', 'Oracle Database', [range('oracledb', '6.7.0', '8.0.0')]),
  row('tedious', 'SQL Server (tedious)', [range('tedious', '1.11.0', '21.0.0')]),
  row(
    'cassandra-driver',
    'Cassandra',
    [range('cassandra-driver', '4.4.0', '5.0.0', files('.', 'lib/request-execution'))],
    { aliases: ['cassandra'] },
  ),
  row('memcached', 'Memcached', [range('memcached', '2.2.0', '3.0.0')]),
  row(
    'kafkajs',
    'KafkaJS',
    [range('kafkajs', '0.3.0', '3.0.0', files('.', 'src/producer/index', 'src/consumer/index'))],
    { aliases: ['kafka'] },
  ),
  row('amqplib', 'RabbitMQ (amqplib)', [
    range('amqplib', '0.5.5', '3.0.0', files('lib/channel_model', 'lib/connect', 'lib/callback_model')),
  ]),
  row(
    'aws-sdk',
    'AWS SDK',
    [
      range('@smithy/core', '3.24.0', '4.0.0', {
        ...files('dist-cjs/submodules/client/index'),
        'dist-es/submodules/client/smithy-client/client': CLIENT,
      }),
      range('@aws-sdk/smithy-client', '3.1.0', '4.0.0'),
      range('@smithy/smithy-client', '1.0.3', '5.0.0', { ...main, 'dist-es/client': CLIENT }),
    ],
    { aliases: ['aws'], chunk: 'kit' },
  ),
  row('dataloader', 'DataLoader', [range('dataloader', '2.0.0', '3.0.0')]),
  row('generic-pool', 'generic-pool', [range('generic-pool', '2.0.0', '4.0.0')]),
  row('lru-memoizer', 'lru-memoizer', [range('lru-memoizer', '1.3.0', '4.0.0')]),
  row('cucumber', 'Cucumber', [
    range('@cucumber/cucumber', '8.0.0', '13.0.0', files('.', 'lib/runtime/test_case_runner')),
  ]),
  row('pino', 'Pino', [range('pino', '5.14.0', '11.0.0')], correlation),
  row(
    'winston',
    'winston',
    [range('winston', '1.0.0', '4.0.0', files('.', 'lib/winston/logger'))],
    correlation,
  ),
  row('bunyan', 'Bunyan', [range('bunyan', '1.0.0', '2.0.0')], correlation),
  builtin('fs', 'node:fs'),
  builtin('dns', 'node:dns'),
  builtin('net', 'node:net'),
];
