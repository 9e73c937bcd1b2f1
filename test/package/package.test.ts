import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog } from '../../src/instruments/catalog';
import { root } from '../harness/paths';
import { run } from '../harness/run-app';
import { type Installed, installPackage } from './installed';

let installed: Installed;
beforeAll(() => {
  installed = installPackage();
});
afterAll(() => installed?.remove());

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function node(...args: string[]) {
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: installed.project });
  return { code, stdout, stderr };
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

describe('what is published', () => {
  it('is dist/ and the four files of prose', () => {
    const files = filesIn(installed.directory).map((file) => file.slice(installed.directory.length + 1));
    const instruments = catalog.flatMap(({ chunk }) => (chunk ? [`dist/${chunk}.js`] : []));
    // One file a provider, as many as the price list has; one a wire format that instruments share.
    const others = files.filter(
      (file) => !instruments.includes(file) && !/^dist\/(prices\/[\w.-]+\.json|shape-[\w-]+\.js)$/.test(file),
    );
    expect(others.sort()).toMatchInlineSnapshot(`
      [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "dist/THIRD-PARTY-LICENSES.txt",
        "dist/before-tracing.js",
        "dist/bundlers.js",
        "dist/cli.js",
        "dist/client.js",
        "dist/core.js",
        "dist/database.js",
        "dist/default-signals.js",
        "dist/entity.js",
        "dist/esbuild.d.mts",
        "dist/esbuild.d.ts",
        "dist/esbuild.js",
        "dist/esbuild.mjs",
        "dist/exporter-console.js",
        "dist/exporter-file.js",
        "dist/exporter-otlp-grpc.js",
        "dist/exporter-otlp-protobuf.js",
        "dist/exporter-otlp.js",
        "dist/exporter-respan.js",
        "dist/exporter-shared.js",
        "dist/exporter-spool.js",
        "dist/global.d.mts",
        "dist/global.d.ts",
        "dist/global.js",
        "dist/global.mjs",
        "dist/global.node.mjs",
        "dist/http-api.js",
        "dist/in-code.js",
        "dist/in-thread.js",
        "dist/index.d.mts",
        "dist/index.d.ts",
        "dist/index.js",
        "dist/index.mjs",
        "dist/index.node.mjs",
        "dist/infrastructure.js",
        "dist/instrument-aws-commands.js",
        "dist/instrument-node-http.js",
        "dist/lambda.js",
        "dist/last-moment.js",
        "dist/last-sender.js",
        "dist/loader-thread.mjs",
        "dist/model-calls.js",
        "dist/older-hooks.js",
        "dist/received-spans.js",
        "dist/redact.js",
        "dist/register.d.ts",
        "dist/register.js",
        "dist/rolldown.d.mts",
        "dist/rolldown.d.ts",
        "dist/rolldown.js",
        "dist/rolldown.mjs",
        "dist/rollup.d.mts",
        "dist/rollup.d.ts",
        "dist/rollup.js",
        "dist/rollup.mjs",
        "dist/rspack.d.mts",
        "dist/rspack.d.ts",
        "dist/rspack.js",
        "dist/rspack.mjs",
        "dist/server-steps.js",
        "dist/settings.js",
        "dist/shorten.js",
        "dist/start-in-code.js",
        "dist/supervised.js",
        "dist/telemetry.js",
        "dist/telling-paths.json",
        "dist/testing.d.mts",
        "dist/testing.d.ts",
        "dist/testing.js",
        "dist/testing.mjs",
        "dist/testing.node.mjs",
        "dist/threads.js",
        "dist/traced-twice.js",
        "dist/vendor-dotenv.js",
        "dist/vendor-genai-prices.js",
        "dist/vendor-instrumentation.js",
        "dist/vite.d.mts",
        "dist/vite.d.ts",
        "dist/vite.js",
        "dist/vite.mjs",
        "dist/webpack-loader.d.mts",
        "dist/webpack-loader.d.ts",
        "dist/webpack-loader.js",
        "dist/webpack-loader.mjs",
        "dist/webpack.d.mts",
        "dist/webpack.d.ts",
        "dist/webpack.js",
        "dist/webpack.mjs",
        "package.json",
      ]
    `);
    expect(files).toEqual(expect.arrayContaining(instruments));
  });

  it('installs at most 15 MB and 10 packages', () => {
    const modules = join(installed.project, 'node_modules');
    const bytes = filesIn(modules).reduce((sum, file) => sum + statSync(file).size, 0);
    const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as {
      packages: object;
    };
    expect(bytes).toBeLessThanOrEqual(15e6);
    expect(Object.keys(lock.packages).length).toBeLessThanOrEqual(10);
  });

  it('names the licence of everything that is bundled, each text once', () => {
    const text = readFileSync(join(installed.directory, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const [, ...parts] = text.split(/^-{80}$/m);
    const texts = parts.filter((_, index) => index % 2 === 1);
    expect(new Set(texts).size).toBe(texts.length);
    for (const name of ['@opentelemetry/sdk-trace-base', '@grpc/grpc-js', '@pydantic/genai-prices', 'dotenv'])
      expect(text).toMatch(new RegExp(`^${name}@\\d`, 'm'));
  });

  it('has no fault that publint finds', async () => {
    const { code, stdout } = await run(
      process.execPath,
      [join(root, 'node_modules/publint/src/cli.js'), 'run', installed.directory, '--pack=false', '--strict'],
      { cwd: root },
    );
    expect(code, stdout).toBe(0);
  });

  it('has types that TypeScript finds in every mode that reads exports', async () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const { code, stdout } = await run(
      process.execPath,
      [
        attw,
        installed.tarball,
        '--no-definitely-typed',
        '--profile',
        'node16',
        '--format',
        'ascii',
        '--no-color',
      ],
      { cwd: root },
    );
    expect(code, stdout).toBe(0);
  });
});

describe('installed into an empty project', () => {
  it('is required and imported, as one and the same', async () => {
    writeFileSync(
      join(installed.project, 'both.mjs'),
      `import * as imported from 'respan';
       import { createRequire } from 'node:module';
       const required = createRequire(import.meta.url)('respan');
       for (const name of Object.keys(required))
         console.log(name, imported[name] === required[name]);
       console.log(Object.keys(imported).length === Object.keys(required).length);`,
    );
    const { stdout } = await node('both.mjs');
    expect(stdout).not.toContain('false');
    expect(stdout).toContain('version true\n');
    expect(await node('-p', 'require("respan").version')).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it.each(['--import', '--require'])('is preloaded with %s respan/register', async (flag) => {
    writeFileSync(
      join(installed.project, 'app.js'),
      'console.log(globalThis[Symbol.for("respan")]?.version);',
    );
    expect(await node(flag, 'respan/register', 'app.js')).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it('has a command', async () => {
    const { code, stdout } = await run('npx', ['--no-install', 'respan', '--version'], {
      cwd: installed.project,
    });
    expect({ code, isVersion: stdout.includes(version) }).toEqual({ code: 0, isVersion: true });
  });

  it.each([
    ['node16', 'consumer.cts'],
    ['node16', 'consumer.mts'],
    ['bundler', 'consumer.mts'],
  ])('type-checks an app, moduleResolution %s, %s', async (moduleResolution, file) => {
    writeFileSync(
      join(installed.project, file),
      `import { flush, instrumentationStatus, version, type InstrumentationStatus } from 'respan';
       const all: InstrumentationStatus[] = instrumentationStatus();
       export const done: Promise<void> = flush();
       export const text: string = version + all.length;`,
    );
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const module = moduleResolution === 'node16' ? 'node16' : 'esnext';
    const flags = ['--strict', '--noEmit', '--target', 'es2022'];
    const { code, stdout } = await run(
      process.execPath,
      [tsc, ...flags, '--module', module, '--moduleResolution', moduleResolution, file],
      { cwd: installed.project },
    );
    expect(code, stdout).toBe(0);
  });
});
