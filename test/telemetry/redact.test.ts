import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Redaction, readExplicitOptions } from '../../src/config/explicit-options';
import { NO_CONTENT } from '../../src/config/settings';
import { createSecretStep } from '../../src/telemetry/own-secrets';
import { createRedactor } from '../../src/telemetry/redact/redactor';
import { createRedactionStep } from '../../src/telemetry/redact/step';
import { resolved } from '../config/environment-of';
import { fakeSpan } from './fake-span';

const redact = (text: string, ...redactions: Redaction[]) => createRedactor(redactions)(text);
/** Put together here, so that nobody takes this file for a leak. */
const word = (...parts: string[]) => parts.join('');
const x = (length: number) => 'aB3dE6gH9'.repeat(20).slice(0, length);

const KEYS: [string, string][] = [
  ['OpenAI', word('sk-', 'proj-', x(48))],
  ['OpenAI, older', word('sk-', x(48))],
  ['Anthropic', word('sk-', 'ant-api03-', x(80))],
  ['Google', word('AIza', x(35))],
  ['AWS', word('AKIA', 'IOSFODNN7EXAMPLE')],
  ['GitHub', word('ghp_', x(36))],
  ['GitHub, fine-grained', word('github_pat_', x(60))],
  ['GitLab', word('glpat-', x(20))],
  ['Slack', word('xoxb-', '123456789012-', x(24))],
  ['Stripe', word('sk_live_', x(24))],
  ['Hugging Face', word('hf_', x(34))],
  ['Groq', word('gsk_', x(52))],
  ['Replicate', word('r8_', x(37))],
  ['xAI', word('xai-', x(80))],
  ['Perplexity', word('pplx-', x(48))],
  ['Pinecone', word('pcsk_', x(60))],
  ['LangSmith', word('lsv2_pt_', x(32))],
  ['SendGrid', word('SG.', x(22), '.', x(43))],
  ['npm', word('npm_', x(36))],
  ['a JWT', word('eyJ', x(30), '.eyJ', x(60), '.', x(43))],
  [
    'a private key',
    word('-----BEGIN RSA PRIVATE', ` KEY-----\n${x(64)}\n${x(64)}\n-----END RSA PRIVATE KEY-----`),
  ],
];

describe('keys', () => {
  it.each(KEYS)('%s', (_, key) => {
    for (const text of [key, `it is ${key}, keep it`, `"${key}"`, `(${key})`])
      expect(redact(text, 'keys')).toBe(text.replace(key, '[redacted:key]'));
    const json = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: `use ${key}!` }] }]);
    expect(JSON.parse(redact(json, 'keys'))).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'use [redacted:key]!' }] },
    ]);
    // Arguments of tools are JSON in a string of JSON.
    const nested = JSON.stringify({ arguments: JSON.stringify({ body: `a\n${key}` }) });
    expect(redact(nested, 'keys')).not.toContain(x(20));
    expect(JSON.parse(JSON.parse(redact(nested, 'keys')).arguments)).toEqual({ body: 'a\n[redacted:key]' });
  });

  it.each([
    [`Authorization: Bearer ${x(30)}`, 'Authorization: Bearer [redacted:key]'],
    ['Basic dXNlcjpwYXNzd29yZDE=', 'Basic [redacted:key]'],
    ['postgres://me:hunter2@db/prod', 'postgres://me:[redacted:key]@db/prod'],
    ['https://h/v1?key=abcdef123456&q=1', 'https://h/v1?key=[redacted:key]&q=1'],
    ['OPENAI_API_KEY=abc123def456', 'OPENAI_API_KEY=abc123def456'.replace('abc123def456', '[redacted:key]')],
    ['password: "correct horse"', 'password: "[redacted:key] horse"'],
    ['an unfinished -----BEGIN PRIVATE KEY-----\nMIIE', 'an unfinished [redacted:key]'],
  ])('%s', (text, shown) => {
    expect(redact(text, 'keys')).toBe(shown);
  });

  it('are known by the names of properties and attributes, too', () => {
    const json = JSON.stringify({
      api_key: 'short',
      nested: { Password: 'p', user: 'me' },
      token_count: 'x',
    });
    expect(JSON.parse(redact(json, 'keys'))).toEqual({
      api_key: '[redacted:key]',
      nested: { Password: '[redacted:key]', user: 'me' },
      token_count: 'x',
    });
    expect(createRedactor(['keys'])('p', 'traceloop.association.properties.password')).toBe('[redacted:key]');
  });

  it.each([
    'the sky-scraper and the task-force of 2024 made basic understanding possible',
    'ask-me-anything, a disk-usage report, chatcmpl-AbCdEf0123456789AbCdEf',
    'bearer responsibilities of the standard bearer',
    'Basic arithmetic, basic-auth',
    'tokens: 1500, max_tokens=4096, temperature: 0.5',
  ])('are not seen in: %s', (text) => {
    expect(redact(text, 'keys')).toBe(text);
  });
});

describe.each<[string, [string, string][], string[]]>([
  [
    'emails',
    [
      ['ask jane.doe+x@example.co.uk now', 'ask [redacted:email] now'],
      ['<ü.ber@bücher.example>', '<[redacted:email]>'],
      ['to=a%40example.com', 'to=[redacted:email]'.replace('to=', 'to=')],
    ],
    ['@types/node@20.1.2', 'user@localhost', 'a @ b', 'meet @ example.com'],
  ],
  [
    'cards',
    [
      ['pay with 4111 1111 1111 1111.', 'pay with [redacted:card].'],
      ['5500-0000-0000-0004', '[redacted:card]'],
      ['378282246310005', '[redacted:card]'],
    ],
    [
      '4111 1111 1111 1112',
      '1764086400000',
      '0000 0000 0000 0000',
      'id-4111111111111111-x',
      '3.4111111111111111',
    ],
  ],
  [
    'phones',
    [
      ['call +49 (30) 1234-5678', 'call [redacted:phone]'],
      ['555-123-4567', '[redacted:phone]'],
      ['(555) 123-4567', '[redacted:phone]'],
    ],
    ['2026-11-25', '1,234,567', '10.0.0.1', 'v1.2.3-4567'],
  ],
  [
    'ips',
    [
      ['from 192.168.1.20:80', 'from [redacted:ip]:80'],
      ['at 2001:db8::8a2e:370:7334', 'at [redacted:ip]'],
      ['::1', '[redacted:ip]'],
    ],
    ['version 1.2.3', '300.1.1.1', 'at 10:30:45', 'a::b::c', '1.2.3.4.5'],
  ],
  [
    'ibans',
    [
      ['IBAN DE89 3704 0044 0532 0130 00', 'IBAN [redacted:iban]'],
      ['GB29NWBK60161331926819', '[redacted:iban]'],
    ],
    ['DE89 3704 0044 0532 0130 01', 'AB12CDEF'],
  ],
  ['ssns', [['123-45-6789', '[redacted:ssn]']], ['000-12-3456', '123-45-67890', '1123-45-6789']],
])('%s', (name, found, others) => {
  it.each(found)('%s', (text, shown) => expect(redact(text, name)).toBe(shown));
  it.each(others)('not: %s', (text) => expect(redact(text, name)).toBe(text));
});

describe('JSON', () => {
  it('stays as it was written apart from what is taken out', () => {
    const json = '{ "id":12345678901234567890,\n "n" : 1.50, "mail": "a\\u0040example.com", "e": "\\u00e4" }';
    expect(redact(json, 'emails')).toBe(
      '{ "id":12345678901234567890,\n "n" : 1.50, "mail": "[redacted:email]", "e": "\\u00e4" }',
    );
    expect(redact('{"card":4111111111111111,"time":1764086400000}', 'cards')).toBe(
      '{"card":"[redacted:card]","time":1764086400000}',
    );
    expect(redact('{"jane@example.com":1}', 'emails')).toBe('{"[redacted:email]":1}');
  });

  it('stays JSON where a pattern matches everything', () => {
    const json = '[{"role":"user","parts":[{"type":"text","content":"x"}]}]';
    expect(JSON.parse(redact(json, '/.*./s'))).toEqual([{ '[redacted]': [{ '[redacted]': '[redacted]' }] }]);
  });
});

it('takes what users look for, as text, as a pattern and as a function', () => {
  const text = 'Alice and ACME-123 and alice';
  expect(redact(text, 'ACME-\\d+')).toBe('Alice and [redacted] and alice');
  expect(redact(text, '/alice/i')).toBe('[redacted] and ACME-123 and [redacted]');
  expect(redact(text, /alice/)).toBe('Alice and ACME-123 and [redacted]');
  expect(redact(text, (given) => given.toUpperCase(), 'ACME-\\d+')).toBe('ALICE AND [redacted] AND ALICE');
});

it('takes time in proportion to the text, whatever the text', () => {
  const all = createRedactor(['keys', 'emails', 'cards', 'phones', 'ips', 'ibans', 'ssns']);
  const nasty = [
    'a',
    '1',
    '1 ',
    'a.',
    'a@',
    'a@a.',
    '-----BEGIN PRIVATE KEY-----',
    'eyJaaaaaaaa.',
    'Bearer ',
    '1.',
    ':a',
    'DE89',
    '://',
    'key=',
    '"',
    '\\',
    '?key=',
  ];
  for (const part of nasty) {
    const text = part.repeat(Math.ceil(200_000 / part.length));
    const started = performance.now();
    all(text);
    expect(performance.now() - started, part).toBeLessThan(10_000);
  }
});

describe('a span', () => {
  let lines: string[];
  beforeEach(() => {
    lines = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
  });
  afterEach(() => void vi.restoreAllMocks());

  const mail = 'jane@example.com';
  const full = () =>
    fakeSpan({
      name: `chat with ${mail}`,
      attributes: {
        'gen_ai.input.messages': JSON.stringify([{ content: mail }]),
        'gen_ai.request.stop_sequences': ['x', mail],
        'gen_ai.provider.name': 'openai',
        'app.anything': mail,
        'app.card': 4111111111111111,
      },
      events: [{ name: 'e', time: [0, 0], attributes: { 'exception.message': mail } }],
      links: [{ context: fakeSpan().spanContext(), attributes: { why: mail } }],
      status: { code: 2, message: `no answer for ${mail}` },
    });

  it('is clean in every place', () => {
    const span = full();
    createRedactionStep(['emails', 'cards'])(span);
    expect(JSON.stringify(span)).not.toMatch(/jane|4111/);
    expect(span).toMatchObject({
      name: 'chat with [redacted:email]',
      attributes: { 'gen_ai.provider.name': 'openai', 'app.card': '[redacted:card]' },
      status: { message: 'no answer for [redacted:email]' },
    });
    expect(lines).toEqual([]);
  });

  it.each<[string, Redaction]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['answers with nothing', (() => undefined) as unknown as () => string],
    ['answers with a promise', (async () => 'x') as unknown as () => string],
  ])('has no content where a redaction %s', (_, redaction) => {
    const span = full();
    createRedactionStep([redaction])(span);
    expect(JSON.stringify(span)).not.toContain('jane');
    expect(span.attributes).toMatchObject({ 'gen_ai.provider.name': 'openai' });
  });

  it('has no content where nobody knows what to take out', () => {
    const span = full();
    createRedactionStep([NO_CONTENT])(span);
    expect(span.attributes).toEqual({
      'gen_ai.request.stop_sequences': ['x', '[redacted]'],
      'gen_ai.provider.name': 'openai',
    });
    expect(span.name).toBe('[redacted]');
  });

  it('does not wait for a pattern that never ends: it has no content, and neither have the next ones', () => {
    const step = createRedactionStep(['(a+)+$']);
    const span = fakeSpan({ attributes: { 'app.text': `${'a'.repeat(60)}!` } });
    const started = performance.now();
    step(span);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(span.attributes).toEqual({});
    const next = fakeSpan({ attributes: { 'app.text': 'harmless' } });
    step(next);
    expect(next.attributes).toEqual({});
  });
});

describe('options', () => {
  it('take names, patterns and functions', () => {
    const mask = (text: string) => text;
    const { redact: read, warnings } = readExplicitOptions({ redact: ['keys,emails', /x/, mask] });
    expect(read).toEqual(['keys', 'emails', /x/, mask]);
    expect(warnings).toEqual([]);
    expect(readExplicitOptions({ redact: 'all' }).redact).toHaveLength(7);
  });

  it('that cannot be used leave no content', () => {
    const { redact: read, warnings } = readExplicitOptions({ redact: ['emials', 7] });
    expect(read).toEqual([NO_CONTENT, NO_CONTENT]);
    expect(warnings).toEqual([
      'option redact: "emials" is not valid (expected keys, emails, cards, phones, ips, ibans, ssns, all, or a pattern between slashes; "emials" is none); using no content at all',
      'option redact: 7 is not valid (expected names, patterns or functions); using no content at all',
    ]);
  });
});

it('names variable and pattern where a pattern is none', () => {
  const { warnings, config } = resolved({ RESPAN_REDACT: 'keys,/(/' });
  expect(config.redact).toEqual([NO_CONTENT]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /^RESPAN_REDACT="keys,\/\(\/" is not valid \(expected patterns; "\/\(\/" is none \(.*Unterminated group\)\); using no content at all$/,
  );
});

it('keeps what respan is entrusted with, and the keys of URLs, out of spans, whatever is set', () => {
  const { config } = resolved({
    RESPAN_API_KEY: 'respan-key-1234',
    RESPAN_HEADERS: 'X-Token=header-secret-1,X-Team=ml%20operations',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20b3RscC1zZWNyZXQ',
  });
  const span = fakeSpan({
    attributes: {
      a: 'key respan-key-1234',
      b: 'header-secret-1 of ml operations',
      c: 'b3RscC1zZWNyZXQ',
      'url.full':
        'https://me:pw@generativelanguage.googleapis.com/v1?key=AIzaXYZ&alt=sse&X-Goog-Signature=abc',
      'url.query': 'key=AIzaXYZ&alt=sse',
    },
    status: { code: 2, message: 'not respan-key-1234' },
  });
  createSecretStep(config)(span);
  expect(span.attributes).toEqual({
    a: 'key [redacted]',
    b: '[redacted] of ml operations',
    c: '[redacted]',
    'url.full':
      'https://[redacted]@generativelanguage.googleapis.com/v1?key=[redacted]&alt=sse&X-Goog-Signature=[redacted]',
    'url.query': 'key=[redacted]&alt=sse',
  });
  expect(span.status.message).toBe('not [redacted]');
});
