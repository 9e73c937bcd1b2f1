import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Collector, spansOf, startCollector } from '../harness/collector';
import { startMockServices } from '../harness/mock-services';
import { root } from '../harness/paths';
import { installQuickstart, quickstart } from '../harness/quickstart';
import { spanTree } from '../harness/span-tree';
import { linkInto, tempFolder } from '../harness/temp-app';
import { IN_CODE, runTraced, type TracedRun, type Way, withoutHttp } from '../harness/typescript-app';

/** Every `ts` block of the README and the guide is compiled and run; those of one chapter are one program. */

const PRELOADED: Way = { title: 'preloaded', node: '24', preload: 'node-options', isByTsx: true };

/** What CommonJS code inside an ES module bundle asks builtins with. */
const BUNDLED_REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

/** What a reader has before a chapter begins. */
const OPENAI = `
import OpenAI from 'openai';
const openai = new OpenAI();
`;
const PRELUDES: Record<string, string> = {
  'guide: Workflows and tasks': OPENAI,
  'guide: Choosing what is traced': OPENAI,
  'guide: The span in progress': OPENAI,
  'guide: Span buffers': OPENAI,
};

const chapters = new Map([...chaptersOf('README.md', 'README'), ...chaptersOf('docs/guide.md', 'guide')]);

function chaptersOf(file: string, title: string): [string, string][] {
  const [, ...parts] = readFileSync(join(root, file), 'utf8').split(/^## /m);
  return parts.flatMap((part): [string, string][] => {
    const blocks = [...part.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
    const name = `${title}: ${part.slice(0, part.indexOf('\n'))}`;
    return blocks.length === 0 ? [] : [[name, blocks.join('\n')]];
  });
}

let folder: string;
let services: { url: string; stop(): Promise<void> };
let production: Collector;
const ran = new Set<string>();

beforeAll(async () => {
  installQuickstart();
  services = await startMockServices();
  production = await startCollector();
  folder = tempFolder();
  linkInto(folder, {
    respan: root,
    openai: join(quickstart, 'node_modules/openai'),
    '@anthropic-ai/sdk': join(quickstart, 'node_modules/@anthropic-ai/sdk'),
    '@opentelemetry/api': join(root, 'node_modules/@opentelemetry/api'),
    '@types/node': join(root, 'node_modules/@types/node'),
  });
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const lib = ['ES2023', 'ESNext.Disposable'];
  const options = { ...compilerOptions, lib, module: 'NodeNext', moduleResolution: 'NodeNext' };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
  for (const [name, code] of chapters) writeFileSync(fileOf(name), `${PRELUDES[name] ?? ''}\n${code}`);
}, 120_000);

afterAll(async () => {
  await services?.stop();
  await production?.close();
});

const fileOf = (chapter: string): string => join(folder, `${chapter.replace(/\W+/g, '-')}.mts`);

async function run(chapter: string, way: Way): Promise<TracedRun> {
  ran.add(chapter);
  const result = await runTraced(fileOf(chapter), way, {
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: `${services.url}/v1`,
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_BASE_URL: services.url,
    PRODUCTION_URL: production.url,
  });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return result;
}

const treeOf = ({ spans }: TracedRun, show: string[] = []) => spanTree(withoutHttp(spans), show);

it('compiles', () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  } catch (error) {
    expect.fail((error as { stdout: string }).stdout);
  }
});

it.each([IN_CODE, PRELOADED])('README: In code, $title', async (way) => {
  const result = await run('README: In code', way);
  expect(treeOf(result, ['respan.customer_params.customer_identifier'])).toMatchInlineSnapshot(`
    "joke_telling.workflow respan.customer_params.customer_identifier="user-123"
      joke_creation.task
        openai.chat"
  `);
});

it.each([IN_CODE, PRELOADED])('guide: Start, $title', async (way) => {
  const result = await run('guide: Start', way);
  expect(treeOf(result)).toMatchInlineSnapshot(`"openai.chat"`);
  expect(result.spans[0]?.resource).toMatchObject({
    'service.name': 'joke-bot',
    'deployment.environment.name': 'staging',
  });
});

it('guide: Workflows and tasks', async () => {
  const result = await run('guide: Workflows and tasks', PRELOADED);
  expect(treeOf(result, ['traceloop.entity.version'])).toMatchInlineSnapshot(`
    "joke_telling.workflow traceloop.entity.version=2
      joke_creation.task
        openai.chat
    joke_of_the_day.workflow
      joke_creation.task
        openai.chat
    evening.workflow
      perform.workflow
        write.task
          joke_creation.task
            openai.chat"
  `);
});

it('guide: Choosing what is traced', async () => {
  const { spans, stdout } = await run('guide: Choosing what is traced', IN_CODE);
  expect(spans).toEqual([]);
  expect(stdout).toContain('openai 6.49.0 patched undefined\n');
});

it('guide: Several destinations', async () => {
  const result = await run('guide: Several destinations', IN_CODE);
  expect(treeOf(result)).toMatchInlineSnapshot(`"normal.task"`);
  const debug = spansOf(readFileSync(join(result.folder, 'debug.jsonl'), 'utf8'));
  expect(spanTree(debug)).toMatchInlineSnapshot(`
    "debugged.task
    important.task"
  `);
  expect(production.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer prod-key']);
  expect(result.stdout).toMatchInlineSnapshot(`
    "api_request for ada
    with a secret for undefined
    "
  `);
});

it('guide: The span in progress', async () => {
  const result = await run('guide: The span in progress', PRELOADED);
  const shown = ['respan.threads.thread_identifier', 'respan.customer_params.customer_identifier'];
  expect(treeOf(result, [...shown, 'respan.metadata.plan', 'question.length'])).toMatchInlineSnapshot(`
    "answer.success respan.threads.thread_identifier="conversation-7" respan.customer_params.customer_identifier="ada" respan.metadata.plan="pro" question.length=14
      openai.chat respan.threads.thread_identifier="conversation-7" respan.customer_params.customer_identifier="ada""
  `);
});

it('guide: Spans by hand', async () => {
  const result = await run('guide: Spans by hand', PRELOADED);
  expect(treeOf(result)).toMatchInlineSnapshot(`
    "database_operation
      execute_query
      process.task
    threaded
      worker_task"
  `);
});

it('guide: Span buffers', async () => {
  const result = await run('guide: Span buffers', PRELOADED);
  expect(treeOf(result)).toMatchInlineSnapshot(`
    "import
      read
    step1
    openai.embeddings"
  `);
  expect(result.stdout).toBe('2\n1\n');
});

it('guide: In tests', async () => {
  const { spans, stdout } = await run('guide: In tests', IN_CODE);
  expect(spans).toEqual([]);
  expect(stdout).toContain('# pass 1');
});

it('guide: Bundled apps', async () => {
  const program = fileOf('guide: Bundled apps');
  const call = `await new OpenAI().chat.completions.create({
    model: 'gpt-3.5-turbo', messages: [{ role: 'user', content: 'Clap once' }] });
  await new Anthropic().messages.create({
    model: 'claude', max_tokens: 9, messages: [{ role: 'user', content: 'Clap once' }] });`;
  await build({
    stdin: { contents: readFileSync(program, 'utf8') + call, loader: 'ts', resolveDir: folder },
    outfile: program,
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['respan'],
    banner: { js: BUNDLED_REQUIRE },
  });
  const result = await run('guide: Bundled apps', IN_CODE);
  expect(treeOf(result)).toMatchInlineSnapshot(`
    "openai.chat
    anthropic.chat"
  `);
  const scopes = withoutHttp(result.spans).map(({ scope }) => scope);
  expect(scopes).toEqual(['respan.openai', 'respan.anthropic']);
});

it('leaves no chapter out', () => {
  expect([...ran].sort()).toEqual([...chapters.keys()].sort());
});
