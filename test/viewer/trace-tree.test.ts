import { describe, expect, it } from 'vitest';
import { COLORS } from '../../src/viewer/colors';
import { createTraceTree, traceTree } from '../../src/viewer/trace-tree';
import { chat, line, lines, type SpanSpec, usage } from './spans';

const tree = (...spans: SpanSpec[]) => traceTree(lines(...spans)).lines.join('\n');
const summary = (...spans: SpanSpec[]) => traceTree(lines(...spans)).summary;
const http = { kind: 3, attributes: { 'http.request.method': 'POST' } };

/** A workflow with all that can be in one, children before parents as they end. */
const joke: SpanSpec[] = [
  { id: 'h1', parent: 'c1', name: 'POST', start: 3, millis: 800, ...http },
  {
    id: 'c1',
    parent: 't1',
    name: 'openai.chat',
    start: 2,
    millis: 805,
    attributes: chat('gpt-4o-mini', usage(24, 31, 0, 0.0000222)),
  },
  {
    id: 't1',
    parent: 'w',
    name: 'create_joke.task',
    start: 1,
    millis: 810,
    attributes: { 'traceloop.span.kind': 'task' },
  },
  {
    id: 'e1',
    parent: 'w',
    name: 'openai.embeddings',
    start: 820,
    millis: 95,
    attributes: { ...chat('text-embedding-3-small', usage(31)), 'gen_ai.operation.name': 'embeddings' },
  },
  { id: 'h2', parent: 'c2', name: 'POST', start: 1000, millis: 300, ...http, error: '529' },
  { id: 'h3', parent: 'c2', name: 'POST', start: 1800, millis: 400, ...http },
  {
    id: 'c2',
    parent: 'w',
    name: 'anthropic.chat',
    start: 990,
    millis: 1204,
    attributes: chat('claude-sonnet-4-5', usage(1204, 310, 1024, 0.0123)),
  },
  {
    id: 'x1',
    parent: 'w',
    name: 'save',
    start: 2200,
    millis: 0.42,
    error: 'disk is full',
    attributes: { 'error.type': 'ENOSPC' },
  },
  {
    id: 'w',
    name: 'joke_workflow',
    start: 0,
    millis: 2310,
    attributes: { 'traceloop.span.kind': 'workflow' },
    error: 'disk is full',
  },
  {
    id: 'o',
    trace: 'u',
    name: 'openai.chat',
    start: 5000,
    millis: 125_000,
    attributes: chat('auto', { 'gen_ai.response.model': 'gpt-5', 'respan.interrupted': true }),
  },
];

it('shows names, models, durations, tokens, cost, errors and interruptions in columns', () => {
  expect(`\n${tree(...joke)}\n\n${summary(...joke)}\n`).toMatchInlineSnapshot(`
    "
    joke_workflow workflow                       2.31 s  ✗ disk is full
    ├─ create_joke.task                          810 ms
    │  └─ openai.chat gpt-4o-mini                805 ms  24 → 31 tokens                     $0.000022
    ├─ openai.embeddings text-embedding-3-small   95 ms  31 tokens
    ├─ anthropic.chat claude-sonnet-4-5          1.20 s  1,204 → 310 tokens (1,024 cached)  $0.0123
    │  ├─ POST                                   300 ms  ✗ 529
    │  └─ POST                                   400 ms
    └─ save                                      0.4 ms  ✗ ENOSPC: disk is full
    openai.chat auto → gpt-5                     2m 05s  interrupted

    10 spans, 4 model calls, 1,259 → 341 tokens (1,024 cached), $0.0123 (1 without a known price), 1 error, 1 interrupted, 1 HTTP span hidden
    "
  `);
});

it('is the same whatever the order in which the spans came', () => {
  expect(tree(...[...joke].reverse())).toBe(tree(...joke));
});

it('takes many spans in one line', () => {
  expect(traceTree(line(...joke)).lines.join('\n')).toBe(tree(...joke));
});

it('colours errors, models and interruptions, and the text is the same without the colours', () => {
  const coloured = traceTree(lines(...joke), { colors: COLORS }).lines.join('\n');
  expect(coloured).toContain('\u001b[31msave\u001b[39m');
  expect(coloured).toContain('\u001b[36mgpt-4o-mini\u001b[39m');
  expect(coloured).toContain('\u001b[33minterrupted\u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out.
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(tree(...joke));
});

describe('HTTP requests of model calls', () => {
  const call: SpanSpec = { id: 'c', name: 'openai.chat', attributes: chat() };
  const request = (id: string, parent = 'c'): SpanSpec => ({ id, parent, name: 'POST', ...http });

  it('the only one is hidden, with what is below it moved up', () => {
    expect(tree(call, request('h'), { id: 'dns', parent: 'h', start: 1 })).toBe(
      'openai.chat m  1 ms\n└─ dns         1 ms',
    );
    expect(summary(call, request('h'))).toBe('2 spans, 1 model call, 1 HTTP span hidden');
  });

  it('several are retries, and shown', () => {
    expect(tree(call, request('h'), request('i')).split('\n')).toHaveLength(3);
  });

  it('one next to something else is shown', () => {
    expect(tree(call, request('h'), { id: 'tool', parent: 'c' })).toContain('POST');
  });

  it('one that is the app’s own, or comes in, is shown', () => {
    expect(tree({ id: 'w' }, request('h', 'w'))).toContain('POST');
    expect(tree(call, { ...request('h'), kind: 2 })).toContain('POST');
  });
});

describe('totals', () => {
  it('count the tokens of model calls, not those that agents repeat', () => {
    const agent = { 'gen_ai.operation.name': 'invoke_agent', ...usage(10, 5, 2, 0.5) };
    const spans: SpanSpec[] = [
      { id: 'a', name: 'agent', attributes: agent },
      { id: 'c', parent: 'a', attributes: chat('m', usage(10, 5, 2, 0.5)) },
    ];
    expect(summary(...spans)).toBe('2 spans, 1 model call, 10 → 5 tokens (2 cached), $0.5000');
    expect(tree(...spans).split('\n')[0]).toBe('agent   1 ms');
  });

  it('count an error that goes up through its parents once', () => {
    const failed = (id: string, parent?: string): SpanSpec => ({ id, parent, error: 'no' });
    expect(summary(failed('a'), failed('b', 'a'), failed('c', 'b'), failed('d', 'a'))).toBe(
      '4 spans, 2 errors',
    );
  });

  it('of embeddings alone have no tokens out, and an error that a retry made good is none', () => {
    const call = { id: 'c', attributes: chat('m', usage(7)) };
    const requests: SpanSpec[] = [
      { id: 'h', parent: 'c', ...http, error: '429' },
      { id: 'i', parent: 'c', ...http },
    ];
    expect(summary(call, ...requests)).toBe('3 spans, 1 model call, 7 tokens');
  });

  it('say which part of the cost is missing', () => {
    const call = (id: string, cost?: number): SpanSpec => ({
      id,
      attributes: chat('m', usage(1, 1, 0, cost)),
    });
    expect(summary(call('a', 1.5), call('b'))).toBe(
      '2 spans, 2 model calls, 2 → 2 tokens, $1.50 (1 without a known price)',
    );
    expect(summary(call('a'))).toBe('1 span, 1 model call, 1 → 1 tokens');
  });
});

describe('what is odd', () => {
  it('a span whose parent is not there is a root', () => {
    expect(tree({ id: 'b', parent: 'gone' })).toBe('b  1 ms');
  });

  it('a span that came twice is one', () => {
    expect(tree({ id: 'a' }, { id: 'a' })).toBe('a  1 ms');
  });

  it('spans that are their own ancestors do no harm', () => {
    const spans: SpanSpec[] = [
      { id: 'a', parent: 'b' },
      { id: 'b', parent: 'a' },
      { id: 'c', parent: 'c' },
    ];
    expect(tree(...spans, { id: 'd' })).toBe('d  1 ms');
  });

  it('lines that are cut off or something else are refused, and the others count', () => {
    const built = createTraceTree();
    const whole = line({ id: 'a' });
    const taken = ['', 'null', '[]', '{}', '"x"', whole.slice(0, -3), '{"resourceSpans":{}}', whole].map(
      (text) => built.add(text),
    );
    expect(taken).toEqual([false, false, false, false, false, false, false, true]);
    expect(built.lines()).toEqual(['a  1 ms']);
  });

  it.each([
    '{"resourceSpans":[null]}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[null,{},{"traceId":1,"spanId":2}]}]}]}',
  ])('%s has no spans', (text) => {
    const built = createTraceTree();
    expect(built.add(text)).toBe(true);
    expect(built.isEmpty()).toBe(true);
  });

  it('a span with next to nothing in it is shown', () => {
    const bare = {
      resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 't', spanId: 's', startTimeUnixNano: 'x' }] }] }],
    };
    expect(traceTree(JSON.stringify(bare)).lines).toEqual(['  0.0 ms']);
  });

  it('escape sequences and line breaks of names, models and messages stay out of the terminal', () => {
    const evil = 'a\u001b]0;title\u0007\nb\r\u009b2J\u202ec';
    const text = tree({ id: 'x', name: evil, error: evil, attributes: chat(evil) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain('a ]0;title b 2J c');
  });

  it('long names, models and messages are shortened', () => {
    const long = 'x'.repeat(1_000);
    expect(tree({ id: 'x', name: long, error: long, attributes: chat(long) }).length).toBeLessThan(250);
  });
});

describe('what is a lot', () => {
  const root = (i: number): SpanSpec => ({
    id: `s${i}`,
    trace: `t${i}`,
    name: `call ${i}`,
    start: i,
    attributes: chat('m', usage(2, 1)),
  });

  it('of many traces the last ones are printed, and all are counted', () => {
    const built = createTraceTree({ maxTraces: 3 });
    for (let i = 0; i < 1_000; i++) built.add(line(root(i)));
    expect(built.lines().map((text) => text.replace(/ {2}.*/, ''))).toEqual([
      '1,000 traces, the last 3 of them:',
      'call 997 m',
      'call 998 m',
      'call 999 m',
    ]);
    expect(built.summary()).toBe('1,000 spans, 1,000 model calls, 2,000 → 1,000 tokens');
  });

  it('of a large trace the first lines are printed, and all are counted', () => {
    const built = createTraceTree({ maxLines: 3 });
    built.add(line({ id: 'w' }));
    for (let i = 1; i < 12_000; i++) built.add(line({ ...root(i), trace: 't', parent: 'w' }));
    expect(built.lines()).toHaveLength(4);
    expect(built.lines().at(-1)).toBe('… 4,997 more spans');
    expect(built.summary()).toMatch(/^12,000 spans, 11,999 model calls, 23,998 → 11,999 tokens/);
  });

  it('a very deep trace is no deeper than the stack', () => {
    const built = createTraceTree();
    for (let i = 0; i < 4_999; i++)
      built.add(line({ id: `s${i}`, parent: i ? `s${i - 1}` : undefined, start: i }));
    expect(built.lines()).toHaveLength(201);
    expect(built.summary()).toBe('4,999 spans');
  });
});
