import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve';
import { configOf, environmentOf, resolved } from './environment-of';

const OTLP = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };

describe('precedence', () => {
  it('option before RESPAN_* before OTEL_* before default', () => {
    const environment = environmentOf({ RESPAN_APP_NAME: 'ours', OTEL_SERVICE_NAME: 'standard' });
    expect(resolveConfig(environment, { appName: 'option' }).config.appName).toBe('option');
    expect(resolveConfig(environment).config.appName).toBe('ours');
    expect(configOf({ OTEL_SERVICE_NAME: 'standard' }).appName).toBe('standard');
  });

  it('OTEL_SERVICE_NAME before service.name of the resource attributes', () => {
    const resource = { OTEL_RESOURCE_ATTRIBUTES: 'service.name=resource,a=1' };
    expect(configOf({ ...resource, OTEL_SERVICE_NAME: 'standard' }).appName).toBe('standard');
    expect(configOf(resource).appName).toBe('resource');
    expect(configOf({ ...resource, RESPAN_RESOURCE_ATTRIBUTES: 'service.name=ours,b=2' })).toMatchObject({
      appName: 'ours',
      resourceAttributes: { a: '1', b: '2', 'service.name': 'ours' },
    });
  });

  it('an invalid value leaves it to the next source', () => {
    const { config, warnings } = resolved({ RESPAN_LOG_LEVEL: 'loud', OTEL_LOG_LEVEL: 'debug' });
    expect(config.logLevel).toBe('DEBUG');
    expect(warnings).toHaveLength(1);
  });

  it('an invalid content switch keeps content in, whatever the others say', () => {
    const others = {
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
      TRACELOOP_TRACE_CONTENT: 'true',
    };
    expect(configOf({ RESPAN_TRACE_CONTENT: 'flase', ...others }).traceContent).toBe(false);
    expect(
      configOf({ RESPAN_TRACE_CONTENT: 'true', ...others, TRACELOOP_TRACE_CONTENT: 'no' }).traceContent,
    ).toBe(false);
    expect(configOf({ RESPAN_TRACE_CONTENT: 'true', ...others }).traceContent).toBe(true);
  });
});

describe('where values come from', () => {
  it('is told for --dry-run', () => {
    const { sources } = resolveConfig(
      environmentOf({
        RESPAN_API_KEY: 'k',
        OTEL_SERVICE_NAME: 'a',
        TRACELOOP_TRACE_CONTENT: 'false',
        ...OTLP,
      }),
      { logLevel: 'ERROR' },
    );
    expect(sources).toMatchObject({
      apiKey: 'RESPAN_API_KEY',
      appName: 'OTEL_SERVICE_NAME',
      logLevel: 'option',
      baseUrl: 'default',
      traceContent: 'TRACELOOP_TRACE_CONTENT',
      exporter: 'default, because of RESPAN_API_KEY and OTEL_* variables',
    });
  });
});

describe('the default destination', () => {
  const RUN = { RESPAN_RUN_FILE: '/tmp/run.jsonl' };
  it.each([
    [{}, []],
    [{ RESPAN_API_KEY: 'k' }, ['respan']],
    [OTLP, ['otlp']],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost/x' }, ['otlp']],
    [{ RESPAN_API_KEY: 'k', ...OTLP }, ['respan', 'otlp']],
    [RUN, ['file']],
    [{ ...RUN, RESPAN_API_KEY: 'k' }, ['respan']],
    [{ ...RUN, ...OTLP }, ['otlp']],
    [{ ...RUN, OTEL_TRACES_EXPORTER: 'none' }, ['none']],
    [{ ...RUN, RESPAN_EXPORTER: 'file,otlp', RESPAN_API_KEY: 'k' }, ['file', 'otlp']],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, ['otlp']],
    [{ OTEL_TRACES_EXPORTER: 'console', RESPAN_API_KEY: 'k', ...OTLP }, ['respan', 'console']],
    [{ OTEL_TRACES_EXPORTER: 'none', RESPAN_API_KEY: 'k', ...OTLP }, ['respan']],
    [{ RESPAN_EXPORTER: 'none', RESPAN_API_KEY: 'k', ...OTLP }, ['none']],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://localhost' }, []],
  ] as [Record<string, string>, string[]][])('%j: %j', (variables, exporters) => {
    const { config, warnings } = resolved(variables);
    expect(config.exporters).toEqual(exporters);
    expect(warnings).toEqual([]);
  });

  it('is not respan without a key, whoever asks for it', () => {
    const { config, warnings } = resolved({ RESPAN_EXPORTER: 'respan,file' });
    expect(config.exporters).toEqual(['file']);
    expect(warnings).toHaveLength(1);
    expect(resolved({ RESPAN_EXPORTER: 'respan' }).config.exporters).toEqual(['none']);
  });
});

it('cannot be changed', () => {
  const config = configOf({});
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.otel)).toBe(true);
});
