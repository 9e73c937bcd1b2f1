/**
 * Which source file is in which file of dist/. The names of instrument chunks are those of the catalog. A new
 * instrument is found by its name: src/instruments/<id>.ts or src/instruments/<id>/index.ts.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Every TypeScript file below `folder`. */
function filesIn(folder) {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(root, folder, name);
    if (statSync(path).isDirectory()) return filesIn(`${folder}/${name}`);
    return name.endsWith('.ts') && !name.endsWith('.test.ts')
      ? [relative(root, path).replaceAll('\\', '/')]
      : [];
  });
}

/** OpenTelemetry code reads OTEL_* from what it takes for process.env; it gets the merged environment. */
const env = {
  define: { 'process.env': 'mergedEnv' },
  inject: ['src/config/merged-env.ts', 'src/config/real-clock.ts'],
};
/** Whatever an app's tests put in the place of `performance` and timers. */
const timed = { inject: ['src/config/real-clock.ts'] };
const clock = ['src/config/clock.ts', 'src/config/real-clock.ts'];

const exporters = ['respan', 'otlp', 'otlp-grpc', 'otlp-protobuf', 'file', 'console', 'spool'];
const isExporter = (file) => exporters.some((name) => file.endsWith(`telemetry/exporters/${name}.ts`));
const shared = filesIn('src/telemetry/exporters').filter((file) => !isExporter(file));

/**
 * Instruments that are in the chunk of what they are made with, by the name of their row: those that nearly every app with a
 * model library needs, and those of much used libraries that are small. Reading a file takes longer than reading what is in it.
 */
const inKit = {
  requests: 'http.ts',
  opentelemetry: 'opentelemetry-api.ts',
  openai: 'openai.ts',
  anthropic: 'anthropic.ts',
  bedrock: 'bedrock/index.ts',
  aws_sdk: 'infrastructure/aws-sdk.ts',
  cohere: 'cohere.ts',
  groq: 'groq.ts',
  mistral: 'mistral/index.ts',
  ollama: 'ollama.ts',
  together: 'together.ts',
};
const instrumentsInKit = Object.fromEntries(
  Object.entries(inKit).map(([id, file]) => [id, `src/instruments/${file}`]),
);
/** What is used when a model is called, and not when its library is patched. */
const ofCalls = [
  ...filesIn('src/instruments/genai').filter((file) => !file.endsWith('/read.ts')),
  ...[
    'begin',
    'bounded-accumulator',
    'follow-halves',
    'follow-stream',
    'http-spans',
    'model-call',
    'model-requests',
    'record-error',
    'smithy-exchange',
  ].map((name) => `src/instruments/kit/${name}.ts`),
];
const kit = [
  ...[...filesIn('src/instruments/kit'), 'src/instruments/genai/read.ts'].filter(
    (file) => !ofCalls.includes(file),
  ),
  ...Object.values(instrumentsInKit).flatMap((file) =>
    file.endsWith('/index.ts') ? filesIn(dirname(file)) : [file],
  ),
];

const instrumentChunks = readdirSync(join(root, 'src/instruments'))
  .filter(
    (name) => !['kit', 'genai', 'database', 'shapes', 'http-api', 'catalog', 'infrastructure'].includes(name),
  )
  .map((name) => {
    const path = `src/instruments/${name}`;
    const files = name.endsWith('.ts') ? [path] : filesIn(path);
    return { name: `instrument-${name.replace(/\.ts$/, '')}`, files, ...env };
  })
  .filter(({ files }) => !files.some((file) => kit.includes(file)));

/** Instrumentations of OpenTelemetry, each with its library; what drives them is one chunk. */
const drivers = [
  'instrumentation',
  'builtin',
  'past',
  'intercepted',
  'copied',
  'real-response',
  'given-next',
  'exact-callback',
  'redis-statement',
].map((name) => `src/instruments/infrastructure/${name}.ts`);
/** For frameworks whose instrument is ours. */
const serverSteps = 'src/instruments/infrastructure/span-around.ts';
const infrastructureChunks = filesIn('src/instruments/infrastructure')
  .filter((file) => ![...drivers, ...kit, serverSteps].includes(file))
  .map((file) => ({ name: `instrument-${basename(file, '.ts')}`, files: [file], ...env }));

/** What several instruments share, and none of the others loads. */
const shapeChunks = readdirSync(join(root, 'src/instruments/shapes')).map((name) => ({
  name: `shape-${name}`,
  files: filesIn(`src/instruments/shapes/${name}`),
  ...timed,
}));

/** What the package exports: each is there for both module systems. */
export const entries = ['index', 'testing', 'global'];

/** Plugins of bundlers, and the module that each is: `respan/<name>`. */
export const plugins = {
  esbuild: 'esbuild',
  rollup: 'rollup',
  rolldown: 'rollup',
  vite: 'vite',
  webpack: 'webpack',
  rspack: 'webpack',
  'webpack-loader': 'webpack-loader',
};
const pluginFile = (name) => `src/bundlers/${name}.ts`;
const pluginFiles = [...new Set(Object.values(plugins))].map(pluginFile);

/** The whole table of settings, read when something is traced. */
const settings = ['settings', 'parsers', 'resolve', 'standard', 'app-name', 'without-password'].map(
  (name) => `src/config/${name}.ts`,
);

/** For Nodes without a complete module.registerHooks, or without a channel for new requests. */
const olderHooks = [
  'older-hooks',
  'read-hooks',
  'thread-hooks',
  'required-modules',
  'older-node-requests',
].map((name) => `src/loader/${name}.ts`);

/** For `new RespanTelemetry`, which most processes never run. */
const startInCode = [
  'src/config/explicit-options.ts',
  'src/loader/start-in-code.ts',
  'src/loader/given-modules.ts',
  'src/loader/loaded-es-modules.ts',
];

/** What only threads read. */
const inThread = ['src/config/in-thread.ts'];
const inLambda = ['src/loader/lambda.ts'];
const whenIdle = ['src/loader/warm-up.ts'];

const inLaterChunks = [
  ...clock,
  ...settings,
  ...olderHooks,
  ...startInCode,
  ...inThread,
  ...inLambda,
  ...whenIdle,
];

/** What code does with spans by itself. */
const byHand = [
  'in-code',
  'unknown-options',
  'entity',
  'respan-params',
  'added-processor',
  'legacy-span',
].map((name) => `src/telemetry/${name}.ts`);

/** What code and frameworks mark as workflows, agents, tasks and tools. */
const ofEntities = ['src/telemetry/entity-span.ts', 'src/telemetry/follow-result.ts'];

/** What only some ends of a process need. */
const lastMoment = ['last-moment', 'post-in-other-process'].map((name) => `src/telemetry/${name}.ts`);
const ofSignals = ['src/telemetry/default-signals.ts'];
const underRun = ['supervised', 'run-channel', 'span-record', 'told-span'].map(
  (name) => `src/telemetry/${name}.ts`,
);
/** The command line exports only what it is given. */
const receiver = ['src/telemetry/received-spans.ts'];
/** What threads leave behind, on both sides. */
const ofThreads = ['last-words', 'left-behind', 'shared-log'].map(
  (name) => `src/telemetry/threads/${name}.ts`,
);
/** What is used where a library is patched, before anything is traced, and for apps that have OpenTelemetry's API. */
const beforeTracing = ['follow', 'stand-ins', 'before-export', 'app-api', 'app-globals', 'offered-span'].map(
  (name) => `src/telemetry/${name}.ts`,
);
/** A program of its own. */
const lastSender = ['src/telemetry/last-sender.ts'];
/** Beside an SDK of the app's. */
const ofTwoTracers = ['src/telemetry/traced-twice.ts'];
const elsewhere = [
  ...ofTwoTracers,
  ...byHand,
  ...ofEntities,
  ...lastMoment,
  ...ofSignals,
  ...underRun,
  ...lastSender,
  ...receiver,
  ...ofThreads,
  ...beforeTracing,
];

/** For what is longer than it may be, and for what RESPAN_REDACT looks for. */
const onDemand = ['shorten', 'redact'].map((name) => ({ name, files: filesIn(`src/telemetry/${name}`) }));

/** Holds no state, so a copy in each chunk does: an app that imports the client reads nothing else for it. */
const meetingPoint = ['src/config/shared.ts', 'src/config/shared-key.ts'];

export const chunks = [
  // Read by engines of any age before they are told that they are too old.
  { name: 'register', files: ['register.ts'], target: 'es2015' },
  {
    name: 'core',
    files: [
      ...filesIn('src/config').filter((file) => !inLaterChunks.includes(file)),
      ...filesIn('src/loader').filter(
        (file) => !file.endsWith('loader-thread.ts') && !inLaterChunks.includes(file),
      ),
      // Its rows are baked into it.
      'src/instruments/catalog/index.ts',
      'src/instruments/catalog/telling-paths.ts',
    ],
  },
  { name: 'settings', files: settings },
  { name: 'older-hooks', files: olderHooks },
  { name: 'in-thread', files: inThread },
  { name: 'start-in-code', files: startInCode },
  { name: 'lambda', files: inLambda },
  { name: 'loader-thread', files: ['src/loader/loader-thread.ts'], format: 'esm', standalone: true },
  { name: 'vendor-dotenv', files: ['src/vendor/dotenv.ts'] },
  { name: 'vendor-genai-prices', files: ['src/vendor/genai-prices.ts'] },
  {
    name: 'vendor-instrumentation',
    files: ['instrumentation', 'wrapped', 'guarded'].map((name) => `src/vendor/${name}.ts`),
    ...env,
  },
  {
    name: 'telemetry',
    files: filesIn('src/telemetry').filter(
      (file) => !/\/(exporters|shorten|redact)\//.test(file) && !elsewhere.includes(file),
    ),
    ...env,
    // The SDK's spans ask for it, and nothing else in here.
    define: { ...env.define, 'Date.now': 'systemTime' },
  },
  ...onDemand,
  { name: 'before-tracing', files: [...clock, ...beforeTracing, ...whenIdle], ...timed },
  { name: 'entity', files: ofEntities, ...timed },
  { name: 'last-moment', files: lastMoment, ...timed },
  { name: 'traced-twice', files: ofTwoTracers },
  { name: 'default-signals', files: ofSignals },
  { name: 'supervised', files: underRun, ...timed },
  { name: 'last-sender', files: lastSender, standalone: true },
  { name: 'in-code', files: byHand },
  { name: 'exporter-shared', files: [...shared, 'src/vendor/otlp-transformer.ts'], ...env },
  ...exporters.map((name) => ({
    name: `exporter-${name}`,
    files: [`src/telemetry/exporters/${name}.ts`],
    ...env,
  })),
  { name: 'model-calls', files: ofCalls, ...timed },
  { name: 'kit', files: kit, instruments: instrumentsInKit, ...env },
  { name: 'http-api', files: filesIn('src/instruments/http-api'), ...env },
  { name: 'database', files: filesIn('src/instruments/database') },
  ...shapeChunks,
  ...instrumentChunks,
  { name: 'infrastructure', files: drivers, ...env },
  { name: 'server-steps', files: [serverSteps] },
  ...infrastructureChunks,
  { name: 'client', files: filesIn('src/client'), inlined: meetingPoint },
  ...entries.map((name) => ({ name, files: [`src/${name}.ts`] })),
  { name: 'bundlers', files: filesIn('src/bundlers').filter((file) => !pluginFiles.includes(file)) },
  ...pluginFiles.map((file) => ({ name: basename(file, '.ts'), files: [file], isDefault: true })),
  { name: 'received-spans', files: receiver },
  { name: 'threads', files: ofThreads, ...timed },
  {
    name: 'cli',
    files: ['bin/respan.ts', ...filesIn('src/cli'), ...filesIn('src/viewer')],
    banner: '#!/usr/bin/env node\n',
  },
];

/** Third-party packages that must not be in two chunks: whoever needs them requires their chunk. */
export const sharedPackages = {
  '@opentelemetry/api': 'telemetry',
  '@opentelemetry/instrumentation': 'vendor-instrumentation',
};

/** Source files whose exports bundled third-party code uses: such a package, and what is injected into it. */
export const standIns = ['src/telemetry/api.ts', ...env.inject];
