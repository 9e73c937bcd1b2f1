import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import respan from '../../src/bundlers/esbuild';
import { fakeOpenai, IMPORT_APP } from '../harness/fake-openai';
import { tempApp } from '../harness/temp-app';

it.each(['module', 'commonjs'] as const)(
  'source maps of a %s lead to the lines they came from',
  async (format) => {
    const files: Record<string, string> = { 'app.mjs': IMPORT_APP, ...fakeOpenai({ format }) };
    const folder = tempApp(files);
    const outfile = join(folder, 'dist/app.mjs');
    const { warnings } = await build({
      entryPoints: [join(folder, 'app.mjs')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      sourcemap: true,
      plugins: [respan()],
      logLevel: 'silent',
    });
    expect(warnings).toEqual([]);
    const code = readFileSync(outfile, 'utf8').split('\n');
    expect(code.join('\n')).toContain('moduleLoaded');
    const map = new SourceMap(JSON.parse(readFileSync(`${outfile}.map`, 'utf8')));
    const place = (text: string, lines: string[]) => {
      const line = lines.findIndex((one) => one.includes(text));
      return { line, column: lines[line]!.indexOf(text) };
    };
    for (const [file, text] of [
      ['node_modules/openai/resources/chat/completions/completions.js', 'create(body)'],
      ['app.mjs', 'console.log(answer'],
    ] as const) {
      const source = files[file]!.split('\n');
      const { line, column } = place(text, code);
      const entry = map.findEntry(line, column) as { originalSource: string; originalLine: number };
      expect(entry.originalSource).toBe(`../${file}`);
      expect(entry.originalLine).toBe(place(text, source).line);
    }
  },
);
