import { stderr } from 'process';
import type { LogLevel } from './settings';

/**
 * The product's only voice: one line each on stderr, prefixed, never on stdout (MCP servers and other CLIs
 * speak a protocol there).
 */
const RANK: Record<LogLevel, number> = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3, CRITICAL: 4 };

let threshold = RANK.INFO;
const said = new Set<string>();

export function setLogLevel(level: LogLevel): void {
  threshold = RANK[level];
}

export function isLogged(level: LogLevel): boolean {
  return RANK[level] >= threshold;
}

function write(level: LogLevel, message: string): void {
  if (!isLogged(level)) return;
  try {
    stderr.write(`respan: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
  } catch {
    // A closed stderr must not hurt the app.
  }
}

export const log = {
  debug: (message: string) => write('DEBUG', message),
  info: (message: string) => write('INFO', message),
  warn: (message: string) => write('WARNING', message),
  error: (message: string) => write('ERROR', message),
  /** The same message at most once a process: settings are resolved more than once, and faults repeat. */
  once(level: 'debug' | 'info' | 'warn' | 'error', message: string): void {
    log.onceAs(message, level, message);
  },
  /** One message at most of all that go by the name of `what`. */
  onceAs(what: string, level: 'debug' | 'info' | 'warn' | 'error', message: string): void {
    if (said.has(what)) return;
    said.add(what);
    log[level](message);
  },
};
