import { appPackageName } from './app-name';
import type { Environment } from './environment';
import * as parse from './parsers';
import {
  CONTENT_VARIABLES,
  DEFAULT_BASE_URL,
  DEFAULT_SHUTDOWN_TIMEOUT_MILLIS,
  DEFAULT_TRACES_DIR,
  type ExporterName,
  RUN_FILE_VARIABLE,
  type Setting,
  type SettingName,
  type SettingValues,
  settings,
} from './settings';
import { type StandardName, type StandardValues, standard } from './standard';
import { withoutPassword } from './without-password';

/** Everything the product can be told, resolved and frozen. */
export interface Config
  extends Readonly<
    Omit<SettingValues, 'apiKey' | 'instruments' | 'spanPostprocessCallback' | 'exporter' | 'spoolDir'> & {
      apiKey: string | undefined;
      /** undefined: all. */
      instruments: readonly string[] | undefined;
      spanPostprocessCallback: string | undefined;
      spoolDir: string | undefined;
      /** Where spans go, after the default rule of the README. Empty: nobody said where; `none`: nowhere, as asked for. */
      exporters: readonly ExporterName[];
      /** `otlp` is among them beside `respan` only because of OTEL_* variables, which may be meant for the app's own SDK. */
      isOtlpImplied: boolean;
      /** The file of this run, set by `respan run`. */
      runFile: string | undefined;
      /** The OTEL_* variables that have no setting of ours, by name. */
      otel: StandardValues;
    }
  > {}

export interface Resolution {
  config: Config;
  /** One clear line each: variable, value, what is used instead. */
  warnings: string[];
  /** The variables that were refused. */
  invalid: string[];
  /** Where each setting's value comes from: `option`, a variable (with its file), or `default`. */
  sources: Record<SettingName, string>;
}

export type Options = Partial<SettingValues>;

/**
 * Explicit option > RESPAN_* > OTEL_* > default. Never throws: an invalid value becomes a warning and the
 * next source answers.
 */
export function resolveConfig(environment: Environment, options: Options = {}): Resolution {
  const warnings: string[] = [];
  const invalid: string[] = [];
  const sources = {} as Record<SettingName, string>;

  function read<T>(
    variable: string,
    parser: parse.Parser<T>,
    instead: string,
    secret = false,
  ): T | undefined {
    const value = environment.get(variable);
    if (value === undefined) return undefined;
    const parsed = parser(value);
    if (parsed.ok) return parsed.value;
    invalid.push(variable);
    const shown = secret ? '[redacted]' : JSON.stringify(withoutPassword(value));
    warnings.push(`${variable}=${shown} is not valid (expected ${parsed.expected}); using ${instead}`);
    return undefined;
  }

  function resolve<Name extends SettingName>(name: Name): SettingValues[Name] | undefined {
    const setting = settings[name] as unknown as Setting<SettingValues[Name]>;
    const option = options[name];
    if (option !== undefined) {
      sources[name] = 'option';
      return option as SettingValues[Name];
    }
    const candidates = [{ variable: setting.variable, parse: setting.parse }, ...(setting.fallbacks ?? [])];
    for (const candidate of candidates) {
      const before = invalid.length;
      const value =
        read(candidate.variable, candidate.parse, insteadText(setting), setting.secret) ??
        (invalid.length > before ? setting.ifInvalid : undefined);
      if (value !== undefined) {
        const file = environment.source(candidate.variable) === '.env' ? ' in .env' : '';
        sources[name] = `${candidate.variable}${file}`;
        return value;
      }
    }
    sources[name] = 'default';
    return undefined;
  }

  const otel = readStandard();
  const otelResource = read('OTEL_RESOURCE_ATTRIBUTES', parse.keyValues, 'none of it') ?? {};
  const resourceAttributes = { ...otelResource, ...resolve('resourceAttributes') };
  const apiKey = resolve('apiKey');
  const runFile = environment.get(RUN_FILE_VARIABLE);

  const contentSwitches = [resolve('traceContent') ?? true];
  for (const { variable, parse: parser } of CONTENT_VARIABLES) {
    const before = invalid.length;
    const value = read(variable, parser, 'false') ?? (invalid.length > before ? false : undefined);
    if (value === undefined) continue;
    contentSwitches.push(value);
    if (!value && contentSwitches[0]) sources.traceContent = variable;
  }

  const named = resolve('instruments');
  const explicitExporter = resolve('exporter');
  const exporters = resolveExporters(explicitExporter);
  const config: Config = {
    apiKey,
    baseUrl: resolve('baseUrl') ?? DEFAULT_BASE_URL,
    appName: resolve('appName') ?? resourceAttributes['service.name'] ?? appPackageName() ?? 'respan',
    logLevel: resolve('logLevel') ?? 'INFO',
    isBatchingEnabled: resolve('isBatchingEnabled') ?? true,
    isEnabled: resolve('isEnabled') ?? true,
    instruments: named?.length === 1 && named[0]?.toLowerCase() === 'none' ? [] : named,
    blockInstruments: resolve('blockInstruments') ?? [],
    modelHosts: resolve('modelHosts') ?? {},
    headers: resolve('headers') ?? {},
    resourceAttributes,
    spanPostprocessCallback: resolve('spanPostprocessCallback'),
    traceContent: contentSwitches.every(Boolean),
    exporters,
    isOtlpImplied:
      explicitExporter === undefined && exporters.includes('respan') && exporters.includes('otlp'),
    tracesDir: resolve('tracesDir') ?? DEFAULT_TRACES_DIR,
    shutdownTimeout: resolve('shutdownTimeout') ?? DEFAULT_SHUTDOWN_TIMEOUT_MILLIS,
    redact: resolve('redact') ?? [],
    maxQueueBytes: resolve('maxQueueBytes') ?? 64e6,
    maxBatchBytes: resolve('maxBatchBytes') ?? 1e6,
    maxSpansPerTrace: resolve('maxSpansPerTrace') ?? 100_000,
    spoolDir: resolve('spoolDir'),
    maxSpoolBytes: resolve('maxSpoolBytes') ?? 256e6,
    runFile,
    otel,
  };
  return { config: Object.freeze(config), warnings, invalid, sources };

  function readStandard(): StandardValues {
    const values: Record<string, unknown> = {};
    for (const name of Object.keys(standard) as StandardName[]) {
      const { parse: parser, instead, secret } = standard[name];
      const value = read<unknown>(name, parser, instead, secret);
      if (value !== undefined) values[name] = value;
    }
    return Object.freeze(values) as StandardValues;
  }

  /** The default destinations of design §5. */
  function resolveExporters(explicit: ExporterName[] | undefined): ExporterName[] {
    if (explicit !== undefined) {
      const wanted = explicit.filter((name) => name !== 'none');
      if (wanted.includes('respan') && !apiKey) {
        warnings.push(
          `${settings.exporter.variable} names respan, but ${settings.apiKey.variable} is not set; nothing is sent to Respan`,
        );
        wanted.splice(wanted.indexOf('respan'), 1);
      }
      return wanted.length > 0 ? wanted : ['none'];
    }
    const found: ExporterName[] = apiKey ? ['respan'] : [];
    const named = otel.OTEL_TRACES_EXPORTER;
    if (named) {
      found.push(...named.filter((name) => name !== 'none'));
    } else if (otel.OTEL_EXPORTER_OTLP_ENDPOINT || otel.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) {
      found.push('otlp');
    }
    if (found.length > 0) sources.exporter = describeDefault(found);
    if (found.length > 0) return found;
    if (named) return ['none'];
    return runFile ? ['file'] : [];
  }

  function describeDefault(found: ExporterName[]): string {
    const reasons = found.map((name) => (name === 'respan' ? settings.apiKey.variable : 'OTEL_* variables'));
    return `default, because of ${[...new Set(reasons)].join(' and ')}`;
  }
}

function insteadText<T>(setting: Setting<T>): string {
  if (setting.ifInvalid !== undefined) return String(setting.ifInvalid);
  return setting.defaultText === '–' ? 'nothing' : setting.defaultText;
}
