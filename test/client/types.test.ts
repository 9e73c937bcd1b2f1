import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeBinary } from '../harness/nodes';
import { fixtures, root } from '../harness/paths';
import { run } from '../harness/run-app';
import { tempApp } from '../harness/temp-app';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const fixture = (name: string) => readFileSync(join(fixtures, 'types', name), 'utf8');

/** A project with the package installed. `modules` is where its other packages are. */
function project(files: Record<string, string>, compilerOptions = {}, modules?: string): string {
  const config = {
    compilerOptions: {
      strict: true,
      target: 'ES2022',
      lib: ['ES2023', 'ESNext.Disposable', 'Decorators'],
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      skipLibCheck: true,
      types: [],
      outDir: 'out',
      ...compilerOptions,
    },
    include: ['*.ts'],
  };
  const folder = tempApp({
    'package.json': '{"type":"module"}',
    'tsconfig.json': JSON.stringify(config),
    'console.d.ts': 'declare const console: { log(...values: unknown[]): void };',
    ...files,
  });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/respan'), 'dir');
  const otel = join(modules ?? join(root, 'node_modules'), '@opentelemetry');
  symlinkSync(otel, join(folder, 'node_modules/@opentelemetry'), 'dir');
  return folder;
}

const compile = (cwd: string, ...args: string[]) => run(process.execPath, [tsc, '-p', '.', ...args], { cwd });

describe.concurrent('the types', () => {
  it('keep signatures, and refuse what is wrong', async ({ expect }) => {
    const cwd = project({ 'signatures.ts': fixture('signatures.ts'), 'using.ts': fixture('using.ts') });
    expect(await compile(cwd, '--noEmit')).toMatchObject({ stdout: '', code: 0 });
  });

  it('are there for CommonJS, and for bundlers', async ({ expect }) => {
    const files = { 'signatures.ts': fixture('signatures.ts') };
    const commonJs = project({ ...files, 'package.json': '{"type":"commonjs"}' });
    expect(await compile(commonJs, '--noEmit')).toMatchObject({ stdout: '', code: 0 });
    const bundled = project(files, { module: 'ESNext', moduleResolution: 'Bundler' });
    expect(await compile(bundled, '--noEmit')).toMatchObject({ stdout: '', code: 0 });
  });

  it.each([
    ['sdk-1', '@opentelemetry/sdk-trace-base', 'new Made(exporter)'],
    ['sdk-2', '@opentelemetry/sdk-trace-base', 'new Made(exporter)'],
    ['sdk-3', '@opentelemetry/sdk-trace', 'new Made({ exporter })'],
  ])('take exporters and processors of %s', async (tree, sdk, make) => {
    const argument = make.includes('{') ? '{ exporter: E }' : 'E';
    const cwd = project(
      {
        'exporters.ts': fixture('otel-exporters.ts')
          .replace("'otel-sdk'", `'${sdk}'`)
          .replace("'./create", "'./create")
          .replace("processor'", "processor.js'"),
        'create-processor.ts': `export const createProcessor = <E, P>(Made: new (given: ${argument}) => P, exporter: E): P => ${make};`,
      },
      {},
      join(fixtures, 'otel-trees', tree, 'node_modules'),
    );
    expect(await compile(cwd, '--noEmit')).toMatchObject({ stdout: '', code: 0 });
  });
});

describe.concurrent('decorators', () => {
  const driver = `import { traceInMemory } from 'respan/testing';
const spans = traceInMemory();
const { Flow } = await import('./out/decorators.js');
spans.reset();
console.log(await new Flow(3).start(2), [...new Flow(3).numbers(2)].join());
if (process.argv[2]) {
  const { Holder } = await import('./out/standard-only.js');
  console.log(new Holder().run(1));
}
console.log(spans.getFinishedSpans().map(({ name }) => name).sort().join());
`;
  const names = 'double.task,flow.workflow,half.tool,named.agent,numbers.task';

  it('of the standard', async ({ expect }) => {
    const files = {
      'decorators.ts': fixture('decorators.ts'),
      'standard-only.ts': fixture('standard-only.ts'),
    };
    const cwd = project({ ...files, 'driver.js': driver });
    expect(await compile(cwd)).toMatchObject({ stdout: '', code: 0 });
    const { stdout, stderr } = await run(nodeBinary('20'), ['driver.js', 'all'], { cwd });
    expect({ stdout, stderr }).toEqual({
      stdout: `14 0,3\n2\n${names.replace('flow', 'field.task,flow')},private.task\n`,
      stderr: '',
    });
  });

  it('of experimentalDecorators', async ({ expect }) => {
    const cwd = project(
      { 'decorators.ts': fixture('decorators.ts'), 'driver.js': driver },
      { experimentalDecorators: true },
    );
    expect(await compile(cwd)).toMatchObject({ stdout: '', code: 0 });
    const { stdout, stderr } = await run(nodeBinary('20'), ['driver.js'], { cwd });
    expect({ stdout, stderr }).toEqual({ stdout: `14 0,3\n${names}\n`, stderr: '' });
  });
});
