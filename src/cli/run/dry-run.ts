import { existsSync } from 'fs';
import { join } from 'path';
import { appPackageName } from '../../config/app-name';
import type { Environment } from '../../config/environment';
import type { Config, Resolution } from '../../config/resolve';
import { type ExporterName, type SettingName, settings } from '../../config/settings';
import { withoutPassword } from '../../config/without-password';
import { selectRows } from '../../loader/select';
import { table } from '../table';
import type { Plan } from './plan';

const REDACTED = '[redacted]';

/** What a run would do: every setting with its value and where that comes from. No secret is in it. */
export function describePlan(plan: Plan, command: readonly string[]): string {
  const { config, warnings } = plan.resolution;
  const { rows, warnings: unknown } = selectRows(config);
  const values = valuesOf(plan.resolution, command);
  const names = Object.keys(settings) as SettingName[];
  const settingRows = names.map((name) => [
    settings[name].variable,
    values[name],
    sourceOf(name, plan.resolution, plan.environmentOrigins),
  ]);
  const facts = [
    ['command', command.length > 0 ? command.map(quoted).join(' ') : 'none given'],
    ['NODE_OPTIONS', plan.variables.NODE_OPTIONS || '–'],
    ...destinations(config, plan.environment).map((text, i) => [i === 0 ? 'destination' : '', text]),
    ['instruments', config.isEnabled ? rows.map(({ id }) => id).join(', ') || 'none' : 'none (disabled)'],
  ];
  const notes = [plan.problem, plan.dotenvWarning, ...warnings, ...unknown]
    .filter((note) => note !== undefined)
    .map((note) => `warning: ${note}`);
  return [
    table(facts),
    '',
    table([['SETTING', 'VALUE', 'FROM'], ...settingRows]),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function valuesOf(resolution: Resolution, command: readonly string[]): Record<SettingName, string> {
  const { config } = resolution;
  const names = (list: readonly string[]) => list.join(', ') || '–';
  const pairs = (object: Record<string, string>, show: (value: string) => string) =>
    Object.entries(object)
      .map(([key, value]) => `${key}=${show(value)}`)
      .join(', ') || '–';
  return {
    apiKey: config.apiKey ? REDACTED : '–',
    baseUrl: withoutPassword(config.baseUrl),
    appName: appName(resolution, command),
    logLevel: config.logLevel,
    isBatchingEnabled: String(config.isBatchingEnabled),
    isEnabled: String(config.isEnabled),
    instruments: config.instruments ? config.instruments.join(', ') || 'none' : 'all',
    blockInstruments: names(config.blockInstruments),
    modelHosts:
      Object.entries(config.modelHosts)
        .map((pair) => pair.filter(Boolean).join('='))
        .join(', ') || '–',
    headers: pairs(config.headers, () => REDACTED),
    resourceAttributes: pairs(config.resourceAttributes, String),
    spanPostprocessCallback: config.spanPostprocessCallback ?? '–',
    redact: names(config.redact),
    traceContent: String(config.traceContent),
    exporter: config.exporters.join(', ') || 'none',
    tracesDir: config.tracesDir,
    shutdownTimeout: String(config.shutdownTimeout),
    maxQueueBytes: String(config.maxQueueBytes),
    maxBatchBytes: String(config.maxBatchBytes),
    maxSpansPerTrace: String(config.maxSpansPerTrace),
    spoolDir: config.spoolDir ?? '–',
    maxSpoolBytes: String(config.maxSpoolBytes),
  };
}

/** Where nobody named the app, its package does, which is found from its entry file and not from ours. */
function appName({ config, sources }: Resolution, command: readonly string[]): string {
  if (sources.appName !== 'default' || config.resourceAttributes['service.name']) return config.appName;
  const entry = command.slice(1).find((word) => /\.[cm]?[jt]sx?$/.test(word) && existsSync(word));
  return appPackageName(entry ?? join(process.cwd(), 'any.js')) ?? 'respan';
}

function sourceOf(name: SettingName, { sources, config }: Resolution, origins: Map<string, string>): string {
  const source = sources[name];
  if (name === 'exporter' && source === 'default' && config.exporters.includes('file')) {
    return 'default of respan run';
  }
  if (
    source === 'default' &&
    name === 'appName' &&
    config.resourceAttributes['service.name'] === config.appName
  ) {
    return 'service.name of the resource attributes';
  }
  return origins.get(source) ?? source;
}

function destinations(config: Config, environment: Environment): string[] {
  if (!config.isEnabled) return ['none (disabled)'];
  const names = config.exporters.filter((name) => name !== 'none');
  if (names.length === 0) return ['none'];
  const describe: Record<Exclude<ExporterName, 'none'>, () => string> = {
    respan: () => {
      const { tracesUrl } =
        require('../../telemetry/exporters/traces-url') as typeof import('../../telemetry/exporters/traces-url');
      return `respan: ${withoutPassword(tracesUrl(config.baseUrl))}`;
    },
    otlp: () => {
      const own = environment.get('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
      const shared = environment.get('OTEL_EXPORTER_OTLP_ENDPOINT');
      const url = own ?? (shared ? `${shared.replace(/\/$/, '')}/v1/traces` : undefined);
      return `otlp: ${url ? withoutPassword(url) : 'the default endpoint on localhost'}`;
    },
    file: () => `file: ${config.runFile ?? config.tracesDir}`,
    console: () => 'console: one line a span on stderr',
  };
  return names.map((name) => describe[name]());
}

/** As a shell would take it. */
const quoted = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
