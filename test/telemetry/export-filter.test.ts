import { beforeEach, expect, it, vi } from 'vitest';
import { passesExportFilter } from '../../src/telemetry/export-filter';
import { fakeSpan } from './fake-span';

const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
beforeEach(() => void said.mockClear());

const attributes = { number: 5, text: 'Hello world', list: ['a', 'b'], json: '{"key":1}', nothing: '' };

function passes(filter: unknown): boolean {
  const text = typeof filter === 'string' ? filter : JSON.stringify(filter);
  return passesExportFilter(
    fakeSpan({
      name: 'work.task',
      status: { code: 2 },
      attributes: { ...attributes, 'respan.export_filter': text },
    }),
  );
}

it.each([
  ['eq', 'number', 5],
  ['==', 'number', '5'],
  ['', 'text', 'Hello world'],
  ['ne', 'number', 6],
  ['not', 'missing', 1],
  ['!=', 'text', 'x'],
  ['<>', 'text', 'x'],
  ['gt', 'number', 4],
  ['gte', 'number', 5],
  ['lt', 'number', [6]],
  ['lte', 'number', 5],
  ['contains', 'text', 'world'],
  ['contains', 'list', 'b'],
  ['icontains', 'text', 'WORLD'],
  ['ilike', 'text', 'hello'],
  ['startswith', 'text', 'Hello'],
  ['endswith', 'text', 'world'],
  ['in', 'number', [4, 5]],
  ['eq', 'number', [4, 5]],
  ['not_in', 'number', [1, 2]],
  ['isnull', 'missing', true],
  ['isnull', 'number', false],
  ['regex', 'text', '^Hello \\w+$'],
  ['has_key', 'json', 'key'],
  ['empty', 'nothing', true],
  ['not_empty', 'text', true],
  ['eq', 'status_code', 'ERROR'],
  ['startswith', 'name', 'work'],
])('%s on %s with %j holds', (operator, field, value) => {
  expect(passes({ [field]: { operator, value } })).toBe(true);
});

it.each([
  ['eq', 'number', 6],
  ['ne', 'number', 5],
  ['gt', 'number', 5],
  ['gt', 'missing', 0],
  ['lt', 'text', 5],
  ['contains', 'text', 'x'],
  ['contains', 'missing', 'x'],
  ['in', 'number', [1, 2]],
  ['not_in', 'number', [5]],
  ['isnull', 'number', true],
  ['regex', 'text', '^x'],
  ['has_key', 'json', 'other'],
  ['empty', 'text', true],
  ['not_empty', 'nothing', true],
])('%s on %s with %j does not', (operator, field, value) => {
  expect(passes({ [field]: { operator, value } })).toBe(false);
});

it('all conditions have to hold', () => {
  expect(passes({ number: { value: 5 }, text: { operator: 'eq', value: 'x' } })).toBe(false);
});

it.each([
  'no JSON',
  { number: { operator: 'almost', value: 5 } },
  { text: { operator: 'regex', value: '(' } },
])('one that cannot be evaluated lets the span through, and says so: %j', (filter) => {
  expect(passes(filter)).toBe(true);
  expect(String(said.mock.calls[0]?.[0])).toMatch(
    /^respan: an export filter could not be evaluated \(.*\); its spans are exported\n$/,
  );
});
