import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { root } from '../harness/paths';
import { project, respan } from './cli';

const SECRET = 'sk-never-print-this';

/** Without what differs from machine to machine and run to run. */
const steady = (text: string, cwd: string) =>
  text
    .replaceAll(root, '<root>')
    .replaceAll(cwd, '<cwd>')
    .replace(/\d{4}-\d\d-\d\dT[\d-]+Z-\d+/g, '<run>');

it('prints each setting with its value and where that comes from, without secrets, and runs nothing', async () => {
  const cwd = project({
    '.env': `RESPAN_API_KEY=${SECRET}\nRESPAN_LOG_LEVEL=warning\nRESPAN_TRACES_DIR=elsewhere`,
    'f.env': 'RESPAN_RESOURCE_ATTRIBUTES=team=search\nOTEL_SERVICE_NAME=from-file',
    'package.json': '{"name": "my-app"}',
  });
  const argv = [
    ...['--base-url', `https://user:${SECRET}@example.com/api/`, '--headers', `x-token=${SECRET}`],
    ...['--env-file', 'f.env', '--block', 'http', '--no-content', '--dry-run'],
  ];
  const { code, stdout, stderr } = await respan(
    ['run', ...argv, 'node', '-e', "console.log('it ran')", 'a b', ''],
    {
      cwd,
      env: {
        RESPAN_BATCHING_ENABLED: 'perhaps',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
        NODE_OPTIONS: '--no-warnings',
      },
    },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain(SECRET);
  expect(steady(stdout, cwd)).toMatchInlineSnapshot(`
    "command       node -e 'console.log('\\''it ran'\\'')' 'a b' ''
    NODE_OPTIONS  --no-warnings --require "<root>/dist/register.js"
    destination   respan: https://[redacted]@example.com/api/v2/traces
                  otlp: http://127.0.0.1:4318/v1/traces
    instruments   openai, anthropic, bedrock, sagemaker, google_generativeai, vertexai, groq, together, cohere, transformers, watsonx, mistral, ollama, replicate, vercel_ai, mastra, model_http, alephalpha, marqo, haystack, crew, langchain, llama_index, pinecone, qdrant, chroma, lancedb, weaviate, milvus, mcp, openai_agents, claude_agent_sdk, urllib3, express, fastify, koa, hapi, nestjs_core, connect, restify, router, graphql, grpc, socket_io, pg, mysql, mysql2, mongodb, mongoose, redis, ioredis, knex, oracledb, tedious, cassandra_driver, memcached, kafkajs, amqplib, aws_sdk, dataloader, generic_pool, lru_memoizer, cucumber, opentelemetry, threading

    SETTING                     VALUE                                FROM
    RESPAN_API_KEY              [redacted]                           RESPAN_API_KEY in .env
    RESPAN_BASE_URL             https://[redacted]@example.com/api/  --base-url
    RESPAN_APP_NAME             from-file                            OTEL_SERVICE_NAME in f.env
    RESPAN_LOG_LEVEL            WARNING                              RESPAN_LOG_LEVEL in .env
    RESPAN_BATCHING_ENABLED     true                                 default
    RESPAN_ENABLED              true                                 default
    RESPAN_INSTRUMENTS          all                                  default
    RESPAN_BLOCK_INSTRUMENTS    http                                 --block
    RESPAN_MODEL_HOSTS          –                                    default
    RESPAN_HEADERS              x-token=[redacted]                   --headers
    RESPAN_RESOURCE_ATTRIBUTES  team=search                          RESPAN_RESOURCE_ATTRIBUTES in f.env
    RESPAN_SPAN_POSTPROCESS     –                                    default
    RESPAN_REDACT               –                                    default
    RESPAN_TRACE_CONTENT        false                                --no-content
    RESPAN_EXPORTER             respan, otlp                         default, because of RESPAN_API_KEY and OTEL_* variables
    RESPAN_TRACES_DIR           elsewhere                            RESPAN_TRACES_DIR in .env
    RESPAN_SHUTDOWN_TIMEOUT     2000                                 default
    RESPAN_MAX_QUEUE_BYTES      64000000                             default
    RESPAN_MAX_BATCH_BYTES      1000000                              default
    RESPAN_MAX_SPANS_PER_TRACE  100000                               default
    RESPAN_SPOOL_DIR            –                                    default
    RESPAN_MAX_SPOOL_BYTES      256000000                            default

    warning: RESPAN_BATCHING_ENABLED="perhaps" is not valid (expected true or false); using true
    "
  `);
  expect(readdirSync(cwd).sort()).toEqual(['.env', 'f.env', 'package.json']);
});

it('shows the file of the run where nothing is configured, and needs no command', async () => {
  const cwd = project({ 'package.json': '{"name": "my-app"}' });
  const { code, stdout } = await respan(['run', '--dry-run'], { cwd });
  expect(code).toBe(0);
  const lines = steady(stdout, cwd).split('\n');
  expect(lines).toContain('command       none given');
  expect(lines).toContain('destination   file: <cwd>/.respan/traces/<run>.jsonl');
  expect(stdout).toMatch(/^RESPAN_EXPORTER +file +default of respan run$/m);
  expect(stdout).toMatch(/^RESPAN_APP_NAME +my-app +default$/m);
});

it('knows the app by its entry file', async () => {
  const cwd = project({
    'package.json': '{"name": "workspace"}',
    'app/package.json': '{"name": "the-app"}',
    'app/main.mjs': '',
  });
  const { stdout } = await respan(['run', '--dry-run', 'node', 'app/main.mjs'], { cwd });
  expect(stdout).toMatch(/^RESPAN_APP_NAME +the-app +default$/m);
});

it('shows the name that was given, also where it is that of a package', async () => {
  const cwd = project({
    'package.json': '{"name": "workspace"}',
    'app/package.json': '{"name": "the-app"}',
    'app/main.mjs': '',
  });
  const given = await respan(['run', '--dry-run', '--app-name', 'workspace', 'node', 'app/main.mjs'], {
    cwd,
  });
  expect(given.stdout).toMatch(/^RESPAN_APP_NAME +workspace +--app-name$/m);
  const resource = { OTEL_RESOURCE_ATTRIBUTES: 'service.name=workspace' };
  const named = await respan(['run', '--dry-run', 'node', 'app/main.mjs'], { cwd, env: resource });
  expect(named.stdout).toMatch(/^RESPAN_APP_NAME +workspace +service.name of the resource attributes$/m);
});

it('says where nothing goes anywhere', async () => {
  const cwd = project();
  const none = await respan(['run', '--dry-run', '--exporter', 'none', 'node'], { cwd });
  expect(none.stdout).toMatch(/^destination +none$/m);
  const off = await respan(['run', '--dry-run', 'node'], { cwd, env: { RESPAN_ENABLED: 'no' } });
  expect(off.stdout).toMatch(/^destination +none \(disabled\)$/m);
  expect(off.stdout).toMatch(/^RESPAN_ENABLED +false +RESPAN_ENABLED$/m);
});
