import { unknownOption } from './nearest';
import { NO_CONTENT, type SettingName, type SettingValues, settings } from './settings';

/** What is taken out of texts: a name or a pattern as RESPAN_REDACT has it, a pattern, or what does it. */
export type Redaction = string | RegExp | ((text: string, name?: string) => string);

/**
 * What code says, as opposed to variables: values of settings, and what only code can give. Kept where every copy of
 * this package in the process finds it, and read by whatever is configured later.
 */
export interface ExplicitOptions {
  settings: Partial<SettingValues>;
  /** Exporter objects in the place of, or beside, the names of the setting. */
  exporters: object[];
  spanPostprocessCallback?: (span: never) => unknown;
  /** On top of RESPAN_REDACT. */
  redact: Redaction[];
  /** Libraries that are patched by hand, by the names of the JavaScript SDK or by instrument id. */
  instrumentModules: Record<string, unknown>;
  /** One clear line each. */
  warnings: string[];
}

/** Other SDKs' names for the same. */
const ALIASES: Record<string, string> = {
  baseURL: 'baseUrl',
  customExporter: 'exporter',
  traceContentEnabled: 'traceContent',
};

/**
 * Reads the options of `new RespanTelemetry(options)`. Never throws: what cannot be used is left out, with a warning
 * that names it.
 */
export function readExplicitOptions(given: unknown): ExplicitOptions {
  const read: ExplicitOptions = {
    settings: {},
    exporters: [],
    redact: [],
    instrumentModules: {},
    warnings: [],
  };
  if (given === undefined || given === null) return read;
  if (typeof given !== 'object') {
    read.warnings.push(
      `RespanTelemetry takes an object of options, not ${typeof given}; the defaults are used`,
    );
    return read;
  }
  for (const [key, value] of Object.entries(given)) {
    // As with variables, empty is not given: `apiKey: process.env.KEY ?? ''`.
    if (value !== undefined && value !== null && value !== '')
      readOption(read, ALIASES[key] ?? key, key, value);
  }
  return read;
}

function readOption(read: ExplicitOptions, name: string, key: string, value: unknown): void {
  if (name === 'instrumentModules') {
    if (typeof value === 'object') read.instrumentModules = value as Record<string, unknown>;
    else read.warnings.push(`instrumentModules has to be an object of libraries, not ${typeof value}`);
  } else if (name === 'disableBatch') {
    readSetting(read, 'isBatchingEnabled', key, typeof value === 'boolean' ? !value : value);
  } else if (name === 'spanPostprocessCallback' && typeof value === 'function') {
    read.spanPostprocessCallback = value as (span: never) => unknown;
  } else if (name === 'redact') {
    readRedactions(read, value);
  } else if (name === 'exporter') {
    readExporters(read, key, value);
  } else if (Object.hasOwn(settings, name)) {
    readSetting(read, name as SettingName, key, value);
  } else {
    const known = [...Object.keys(settings), 'instrumentModules'];
    read.warnings.push(unknownOption('RespanTelemetry', key, known));
  }
}

function readExporters(read: ExplicitOptions, key: string, value: unknown): void {
  const given = Array.isArray(value) ? value : [value];
  const objects = given.filter(isExporter);
  const names = given.filter((item) => !isExporter(item));
  read.exporters = objects;
  if (names.length > 0) readSetting(read, 'exporter', key, names.length === 1 ? names[0] : names);
  // The app's own exporter takes the place of the default ones.
  else read.settings.exporter = ['none'];
}

/** What cannot be looked for is kept in with all the rest of the content. */
function readRedactions(read: ExplicitOptions, given: unknown): void {
  for (const item of Array.isArray(given) || given instanceof Set ? given : [given]) {
    if (typeof item === 'function' || item instanceof RegExp) {
      read.redact.push(item as Redaction);
      continue;
    }
    const parsed = typeof item === 'string' ? settings.redact.parse(item) : undefined;
    if (parsed?.ok) {
      read.redact.push(...parsed.value);
      continue;
    }
    const expected = parsed ? parsed.expected : 'names, patterns or functions';
    read.warnings.push(
      `option redact: ${shownValue(item)} is not valid (expected ${expected}); using ${NO_CONTENT}`,
    );
    read.redact.push(NO_CONTENT);
  }
}

function isExporter(value: unknown): value is object {
  return typeof (value as { export?: unknown } | null)?.export === 'function';
}

/** Options are checked by the very parsers of the variables. */
function readSetting(read: ExplicitOptions, name: SettingName, key: string, value: unknown): void {
  const text = textOf(value);
  const { parse, defaultText, secret, ifInvalid } = settings[name];
  const parsed = text === undefined ? undefined : parse(text);
  const values = read.settings as Record<string, unknown>;
  if (parsed?.ok) {
    // Text of a variable is percent-decoded; an object of the app's is meant as it is.
    values[name] = isRecord(value) ? recordOf(value) : parsed.value;
    return;
  }
  const shown = secret ? '[redacted]' : shownValue(value);
  const instead = ifInvalid !== undefined ? String(ifInvalid) : defaultText === '–' ? 'nothing' : defaultText;
  if (ifInvalid !== undefined) values[name] = ifInvalid;
  const expected = parsed ? parsed.expected : 'another kind of value';
  read.warnings.push(
    `option ${key}: ${shown} is not valid (expected ${expected}); using ${settings[name].variable} or ${instead}`,
  );
}

/** A value in the way a variable would say it, or undefined where no variable could. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...value];
    return items.every((item) => typeof item === 'string') ? items.join(',') : undefined;
  }
  if (!isRecord(value)) return undefined;
  return Object.entries(recordOf(value))
    .map(([name, content]) => `${name}=${encodeURIComponent(content)}`)
    .join(',');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set);
}

function recordOf(value: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(value).filter(([, content]) => content !== undefined && content !== null);
  return Object.fromEntries(entries.map(([name, content]) => [name, String(content)]));
}

function shownValue(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value;
  }
}
