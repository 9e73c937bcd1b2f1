import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NODES } from '../harness/nodes';
import { keepSupportRecords } from '../harness/support-record';
import { callTexts, isOurs, runAnthropicApp, SDKS, transcriptOf } from './anthropic-app';

/** What the span of each call must say, written once and read by people; some say in which versions. */
const blocks = readFileSync(new URL('anthropic-spans.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n\n');

function expectedFor(sdk: string): string[] {
  return blocks.flatMap((block) => {
    const [, text = block, only] = /^(.*)\n {2}only in ([^\n]+)$/s.exec(block) ?? [];
    return !only || only.split(', ').includes(sdk) ? [text] : [];
  });
}

const named = (text: string) => text.replace(/^claude-(2\.1|sonnet-4-5):/, 'deprecated:');

const support = keepSupportRecords();

for (const sdk of SDKS) {
  for (const format of ['mjs', 'cjs'] as const) {
    describe(`@anthropic-ai/sdk ${sdk}, ${format}`, () => {
      it.each(NODES)('the call table on Node %s', async (node) => {
        const app = `table.${format}`;
        const [bare, traced] = await Promise.all([
          runAnthropicApp(sdk, { app, node, preload: 'none' }),
          runAnthropicApp(sdk, { app, node, preload: format === 'mjs' ? 'import' : 'require' }),
        ]);

        expect({ code: traced.code, signal: traced.signal }).toEqual({ code: 0, signal: null });
        expect({ code: bare.code, signal: bare.signal }).toEqual({ code: 0, signal: null });
        expect(transcriptOf(traced)).toEqual(transcriptOf(bare));
        expect(traced.stderr).toBe(bare.stderr);
        expect(traced.requests).toEqual(bare.requests);

        expect(callTexts(traced.spans).map(named).sort()).toEqual(expectedFor(sdk).sort());
        // Nothing else claims to be a model call.
        const others = traced.spans.filter((span) => !isOurs(span));
        expect(others.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat')).toEqual([]);
        const ids = new Set(traced.spans.map(({ spanId }) => spanId));
        expect(traced.spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([]);
        support.saw(`anthropic-${sdk}`, { format, node, spans: traced.spans.filter(isOurs) });
      });
    });
  }
}

support.describeRecords(
  SDKS.map((sdk) => `anthropic-${sdk}`),
  () => 2 * NODES.length,
);

describe('a call nobody looks at, which fails', () => {
  for (const sdk of SDKS) {
    it.each(['mjs', 'cjs'])(`ends the process as without us: ${sdk}, %s`, async (format) => {
      for (const node of NODES) {
        const app = `unhandled.${format}`;
        const [bare, traced] = await Promise.all([
          runAnthropicApp(sdk, { app, node, preload: 'none' }),
          runAnthropicApp(sdk, { app, node, preload: 'require' }),
        ]);
        expect(bare.code).toBe(1);
        expect(bare.stderr).toMatch(/RateLimitError: 429/);
        expect({ ...traced, spans: [], exported: '' }).toEqual({ ...bare, spans: [], exported: '' });
      }
    });
  }
});

describe('the error of a failed call', () => {
  it('is on the span with its stack', async () => {
    const rows = ['rate-limited', 'stream-error'];
    const run = await runAnthropicApp('1', { app: 'table.mjs', preload: 'import', rows });
    const events = run.spans.filter(isOurs).map(({ events }) => events.map(({ attributes }) => attributes));
    expect(events).toEqual([
      [
        {
          'exception.type': 'overloaded_error',
          'exception.message': expect.stringContaining('ANSWER overloaded'),
          'exception.stacktrace': expect.stringContaining('at async stream-error'),
        },
      ],
      [
        {
          'exception.type': 'RateLimitError',
          'exception.message': expect.stringContaining('429'),
          'exception.stacktrace': expect.stringContaining('at Anthropic.makeRequest'),
        },
      ],
    ]);
  });
});

describe('RESPAN_TRACE_CONTENT=false', () => {
  it.each(SDKS)('lets no word of prompt or answer out: %s', async (sdk) => {
    const run = await runAnthropicApp(sdk, {
      app: 'table.mjs',
      preload: 'import',
      env: { RESPAN_TRACE_CONTENT: 'false' },
    });
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/SECRET/);
    expect(run.stdout).toMatch(/ANSWER/);
    expect(run.exported).not.toMatch(/SECRET|ANSWER|Paris|iVBORw0KGgo/);

    const facts = (text: string) => text.split('\n')[0];
    expect(callTexts(run.spans).map(named).map(facts).sort()).toEqual(expectedFor(sdk).map(facts).sort());
  });
});
