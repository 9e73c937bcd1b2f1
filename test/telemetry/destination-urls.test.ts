import { describe, expect, it } from 'vitest';
import { otlpTarget } from '../../src/telemetry/exporters/otlp-target';
import { tracesUrl } from '../../src/telemetry/exporters/traces-url';
import { configOf } from '../config/environment-of';
import { root } from '../harness/paths';

describe('tracesUrl', () => {
  it.each([
    ['https://api.respan.co/api', 'https://api.respan.co/api/v2/traces'],
    ['https://api.respan.co/api/', 'https://api.respan.co/api/v2/traces'],
    ['https://api.respan.ai', 'https://api.respan.ai/api/v2/traces'],
    ['https://api.respan.ai//', 'https://api.respan.ai/api/v2/traces'],
    ['https://api.respan.ai/api/v2/traces/', 'https://api.respan.ai/api/v2/traces'],
    ['https://api.respan.ai/api/v1/traces', 'https://api.respan.ai/api/v1/traces'],
    ['https://api.respan.ai/api/v1/traces/ingest', 'https://api.respan.ai/api/v2/traces'],
    ['http://localhost:8000', 'http://localhost:8000/api/v2/traces'],
    ['https://gateway/team/respan', 'https://gateway/team/respan/v2/traces'],
    ['https://gateway/api?team=1', 'https://gateway/api/v2/traces?team=1'],
  ])('%s: %s', (base, url) => {
    expect(tracesUrl(base)).toBe(url);
  });
});

describe('otlpTarget', () => {
  const target = (variables: Record<string, string>) => otlpTarget(configOf(variables));
  const BASE = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const OWN = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';

  it.each([
    [{}, 'http://localhost:4318/v1/traces'],
    [{ [BASE]: 'http://host:4318' }, 'http://host:4318/v1/traces'],
    [{ [BASE]: 'http://host/path/' }, 'http://host/path/v1/traces'],
    [{ [BASE]: 'http://host/path?key=1' }, 'http://host/path/v1/traces?key=1'],
    [{ [BASE]: 'host:4318' }, 'http://host:4318/v1/traces'],
    [{ [OWN]: 'http://host/as/is' }, 'http://host/as/is'],
    [{ [OWN]: 'http://host' }, 'http://host/'],
    [{ [OWN]: 'http://own/x', [BASE]: 'http://host' }, 'http://own/x'],
    [{ [OWN]: 'no url', [BASE]: 'http://host' }, 'http://host/v1/traces'],
  ] as [Record<string, string>, string][])('%j: %s', (variables, url) => {
    expect(target(variables).url).toBe(url);
  });

  it.each([
    [{}, 'http://localhost:4317'],
    [{ [BASE]: 'https://host:4317/x' }, 'https://host:4317/x'],
    [{ [BASE]: 'host:4317' }, 'https://host:4317'],
    [{ [BASE]: 'host:4317', OTEL_EXPORTER_OTLP_INSECURE: 'true' }, 'http://host:4317'],
    [
      {
        [BASE]: 'host:4317',
        OTEL_EXPORTER_OTLP_INSECURE: 'true',
        OTEL_EXPORTER_OTLP_TRACES_INSECURE: 'false',
      },
      'https://host:4317',
    ],
  ] as [Record<string, string>, string][])('gRPC, %j: %s', (variables, url) => {
    expect(target({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', ...variables }).url).toBe(url);
  });

  it('prefers what is said of traces', () => {
    const both = (name: string, base: string, own: string) => ({
      [`OTEL_EXPORTER_OTLP_${name}`]: base,
      [`OTEL_EXPORTER_OTLP_TRACES_${name}`]: own,
    });
    const file = `${root}/package.json`;
    expect(
      target({
        ...both('TIMEOUT', '1', '2'),
        ...both('COMPRESSION', 'none', 'gzip'),
        ...both('HEADERS', 'a=base,b=base', 'b=own,c=own'),
        ...both('CERTIFICATE', `${root}/LICENSE`, file),
        RESPAN_HEADERS: 'c=ours',
      }),
    ).toMatchObject({
      timeoutMillis: 2,
      compression: 'gzip',
      headers: { a: 'base', b: 'own', c: 'ours' },
      tls: { ca: expect.objectContaining({ length: expect.any(Number) }), key: undefined },
    });
    expect(target(both('TIMEOUT', '1', 'soon')).timeoutMillis).toBe(1);
    expect(target({}).timeoutMillis).toBe(10_000);
  });
});
