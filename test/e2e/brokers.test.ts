import { afterAll, describe, expect, it } from 'vitest';
import { calledTree, strays } from '../harness/called-trees';
import { startCollector } from '../harness/collector';
import type { NodeName } from '../harness/nodes';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';
import { startAmqp } from '../harness/wire/amqp';
import type { WireServer } from '../harness/wire/frames';
import { startKafka } from '../harness/wire/kafka';
import { startMongo } from '../harness/wire/mongodb';

/** Clients of MongoDB, Kafka and RabbitMQ, against servers of our own that speak what is needed of their protocols. */
const OLDER = ['mongodb-4', 'mongoose-6', 'kafkajs-1', 'amqplib-0.8'];
const NEWER = ['mongodb-7', 'mongoose-9', 'kafkajs-2', 'amqplib-2'];

interface Case {
  name: 'older' | 'newer';
  node: NodeName;
  format: 'mjs' | 'cjs';
}

const running: WireServer[] = [];
afterAll(() => Promise.all(running.map((server) => server.close())));

async function outcome(
  { name, node, format }: Case,
  preload: 'import' | 'require' | 'none',
  more: Record<string, string> = {},
) {
  const [mongo, kafka, amqp, collector] = await Promise.all([
    startMongo(),
    startKafka(),
    startAmqp(),
    startCollector(),
  ]);
  running.push(mongo, kafka, amqp);
  const run = await runApp({
    app: `brokers.${format}`,
    cwd: placeApp('infrastructure', name === 'older' ? OLDER : NEWER),
    node,
    preload,
    timeoutMillis: 120_000,
    env: {
      ...exportTo(collector),
      OTEL_BSP_SCHEDULE_DELAY: '60000',
      MONGO_URL: `mongodb://127.0.0.1:${mongo.port}`,
      KAFKA_ADDRESS: `127.0.0.1:${kafka.port}`,
      AMQP_URL: `amqp://user:MARK-password@127.0.0.1:${amqp.port}`,
      ...more,
    },
  });
  await collector.close();
  return {
    // Node's warnings begin with the id of the process, and kafkajs waits for times that have passed.
    run: { ...run, stderr: run.stderr.replace(/^\(node:\d+\)|-\d{10,}(?= is a negative)/gm, '(number)') },
    spans: collector.spans(),
    sent: collector.requests.map(({ body }) => body.toString('utf8')).join('\n'),
  };
}

const SHOWN = [
  ...['db.collection.name', 'db.namespace', 'db.query.text', 'messaging.operation.type'],
  ...['messaging.batch.message_count', 'messaging.rabbitmq.routing_key', 'messaging.kafka.message.key'],
];

describe.concurrent.each<Case>([
  { name: 'older', node: '20', format: 'cjs' },
  { name: 'older', node: '24', format: 'mjs' },
  { name: 'newer', node: '20', format: 'mjs' },
  { name: 'newer', node: '24', format: 'cjs' },
])('$name clients as $format on Node $node', (how) => {
  it('are traced, and what the app hands to them stays as it was', async ({ expect }) => {
    const [bare, traced] = await Promise.all([
      outcome(how, 'none'),
      outcome(how, how.format === 'mjs' ? 'import' : 'require'),
    ]);
    expect(bare.run.code).toBe(0);
    expect(bare.run.stdout).toContain('MARK-confirmed');
    expect(traced.run).toEqual(bare.run);
    const tree = calledTree(traced.spans, SHOWN);
    await expect(`${tree}\n`).toMatchFileSnapshot(`spans/infrastructure/brokers-${how.name}.txt`);
    expect(strays(traced.spans)).toEqual([]);
    expect(traced.sent).not.toContain('MARK-password');
  });
});

it('are switched off by their names, here and in OpenTelemetry’s variables, and leave no content', async () => {
  const { run, spans, sent } = await outcome({ name: 'newer', node: '24', format: 'mjs' }, 'import', {
    RESPAN_BLOCK_INSTRUMENTS: 'mongoose,kafka',
    OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'mongodb',
    RESPAN_TRACE_CONTENT: 'false',
  });
  expect(run.code).toBe(0);
  const scopes = new Set(spans.map(({ scope }) => scope.replace('@opentelemetry/instrumentation-', '')));
  expect([...scopes].sort()).toEqual(['amqplib', 'http']);
  expect(sent).not.toContain('MARK-');
});
