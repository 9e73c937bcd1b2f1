import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as Environment from '../../src/config/environment';
import { root } from '../harness/paths';
import { tempApp } from '../harness/temp-app';

// The built one, which reads its parser from disk when there is a file to parse.
const { environment, hideFromBundledCode, mergedEnv, readDotenv } = createRequire(import.meta.url)(
  `${root}/dist/core.js`,
) as typeof Environment;

afterEach(() => {
  vi.unstubAllEnvs();
  readDotenv('/does/not/exist/.env');
});

const file = (content: string) => `${tempApp({ '.env': content })}/.env`;

describe('readDotenv', () => {
  it('takes our names and no others, and writes nothing into the environment', () => {
    const path = file(
      'RESPAN_X=1\nOTEL_X=2\nTRACELOOP_TRACE_CONTENT=3\nTRACELOOP_API_KEY=4\nOPENAI_API_KEY=5\nMY_RESPAN_X=6',
    );
    expect(readDotenv(path)).toBeUndefined();
    const names = [
      'RESPAN_X',
      'OTEL_X',
      'TRACELOOP_TRACE_CONTENT',
      'TRACELOOP_API_KEY',
      'OPENAI_API_KEY',
      'MY_RESPAN_X',
    ];
    expect(names.map((name) => environment.get(name))).toEqual([
      '1',
      '2',
      '3',
      undefined,
      undefined,
      undefined,
    ]);
    for (const name of ['RESPAN_X', 'OTEL_X']) expect(process.env[name]).toBeUndefined();
  });

  it('is weaker than the real environment, but not than an empty variable', () => {
    readDotenv(file('RESPAN_X=file\nRESPAN_Y=file'));
    vi.stubEnv('RESPAN_X', 'real');
    vi.stubEnv('RESPAN_Y', ' ');
    expect([environment.get('RESPAN_X'), environment.source('RESPAN_X')]).toEqual(['real', 'environment']);
    expect([environment.get('RESPAN_Y'), environment.source('RESPAN_Y')]).toEqual(['file', '.env']);
    expect(environment.source('RESPAN_Z')).toBeUndefined();
  });

  it('understands quotes, comments, export and a byte order mark', () => {
    readDotenv(
      file(
        '\uFEFFRESPAN_A=first\nexport RESPAN_B="two words" # why\nRESPAN_C=\'#no comment\'\r\nRESPAN_D=\n',
      ),
    );
    expect(['A', 'B', 'C', 'D'].map((name) => environment.get(`RESPAN_${name}`))).toEqual([
      'first',
      'two words',
      '#no comment',
      undefined,
    ]);
  });

  it('says what is wrong with a file that is not text', () => {
    expect(readDotenv(file('RESPAN_A=1\u0000'))).toMatch(/ is not a text file; its settings are not used$/);
    expect(environment.get('RESPAN_A')).toBeUndefined();
  });

  it('has nothing to say where there is none, or a folder', () => {
    expect(readDotenv('/does/not/exist/.env')).toBeUndefined();
    expect(readDotenv(tempApp({}))).toBeUndefined();
  });
});

it('bundled code sees the merged environment, without what was refused', () => {
  readDotenv(file('OTEL_A=1\nOTEL_B=2'));
  hideFromBundledCode(['OTEL_B']);
  expect([mergedEnv.OTEL_A, mergedEnv.OTEL_B, mergedEnv.PATH]).toEqual(['1', undefined, process.env.PATH]);
});
