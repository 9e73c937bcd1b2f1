import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { log, setLogLevel } from '../../src/config/log';
import type { LOG_LEVELS } from '../../src/config/settings';

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});
afterEach(() => setLogLevel('INFO'));

const speak = () => {
  log.debug('d');
  log.info('i');
  log.warn('w');
  log.error('e');
};

it.each([
  ['DEBUG', 'diwe'],
  ['INFO', 'iwe'],
  ['WARNING', 'we'],
  ['ERROR', 'e'],
  ['CRITICAL', ''],
] as [(typeof LOG_LEVELS)[number], string][])('%s lets through %j', (level, heard) => {
  setLogLevel(level);
  speak();
  expect(lines).toEqual([...heard].map((word) => `respan: ${word}\n`));
});

it('is one line a message', () => {
  log.warn('one\n  two\r\nthree');
  expect(lines).toEqual(['respan: one two three\n']);
});

it('says the same thing once', () => {
  for (let i = 0; i < 3; i++) log.once('warn', 'said before');
  expect(lines).toEqual(['respan: said before\n']);
});

it('survives a stderr that is closed', () => {
  vi.mocked(process.stderr.write).mockImplementation(() => {
    throw new Error('EPIPE');
  });
  expect(speak).not.toThrow();
});
