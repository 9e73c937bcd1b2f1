import { readFileSync } from 'fs';
import { env } from 'process';
import { isThread } from './threads';

/**
 * The environment as this product sees it: the real one, and below it the RESPAN_*, OTEL_* (and content
 * switch) names of a `.env` file in the working directory. The app's own `process.env` is never written to.
 */
export interface Environment {
  get(name: string): string | undefined;
  /** Where the value of `name` comes from, for `--dry-run`. */
  source(name: string): 'environment' | '.env' | undefined;
}

const OURS = /^(RESPAN|OTEL)_|^TRACELOOP_TRACE_CONTENT$/;

let fromFile: Record<string, string> = {};
/** Of the thread that started this one. */
let fromStarter: Record<string, string> = {};

/** What a thread with an environment of its own has to know, to send its spans where all of the app's go. */
export function settingsToHandOver(): Record<string, string> {
  const given: Record<string, string> = { ...fromStarter };
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && OURS.test(name)) given[name] = value;
  return given;
}

/** When the first library was loaded. */
let remembered: Record<string, string> = {};

/** An app may clear its environment when it has read it, and call a model later than that. */
export function rememberSettings(): void {
  remembered = settingsToHandOver();
}

/** Called before anything of the app's runs: a thread may have been given another environment. */
export function readHandedOver(): void {
  if (!isThread()) return;
  const { takeHandedOver } = require('./in-thread') as typeof import('./in-thread');
  fromStarter = takeHandedOver(OURS);
}

/**
 * Reads `.env` in the working directory, if there is one.
 * Returns a warning where it exists but cannot be read, and undefined otherwise.
 */
export function readDotenv(path = '.env'): string | undefined {
  fromFile = {};
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // No file is the usual case; a folder of that name (some tools make one) or a missing working directory
    // is not a settings file either.
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    return `${path} could not be read (${message}); its settings are not used`;
  }
  if (content.includes('\0')) return `${path} is not a text file; its settings are not used`;
  // Loaded only where there is a file to parse.
  const dotenv = require('../vendor/dotenv') as typeof import('../vendor/dotenv');
  for (const [name, value] of Object.entries(dotenv.parse(content))) {
    if (OURS.test(name)) fromFile[name] = value;
  }
  return undefined;
}

/** An empty variable counts as unset, as the OpenTelemetry specification has it. */
const given = (value: string | undefined): value is string => value !== undefined && value.trim() !== '';

export const environment: Environment = {
  get(name) {
    const value = env[name];
    if (given(value)) return value;
    if (given(fromStarter[name])) return fromStarter[name];
    return [remembered[name], fromFile[name]].find(given);
  },
  source(name) {
    if (given(env[name]) || given(fromStarter[name])) return 'environment';
    return given(fromFile[name]) ? '.env' : undefined;
  },
};

const hidden = new Set<string>();

/** Keeps variables that were refused, and reported, from bundled code that would report them again. */
export function hideFromBundledCode(names: readonly string[]): void {
  for (const name of names) hidden.add(name);
}

/**
 * What bundled OpenTelemetry code sees as `process.env` (the build replaces the expression), so that OTEL_*
 * settings of a `.env` file reach it without being written into the app's environment.
 */
export const mergedEnv: Record<string, string | undefined> = new Proxy(
  {},
  {
    get: (_, name) => (typeof name === 'string' && !hidden.has(name) ? environment.get(name) : undefined),
  },
);
