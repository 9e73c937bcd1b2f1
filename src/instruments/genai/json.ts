import { dataUrlPlaceholder } from './media';

/** JSON of anything an app may pass: cycles, BigInt, binary and throwing getters become something readable. */
export function toJson(value: unknown): string {
  return JSON.stringify(readable(value, new Set())) ?? 'null';
}

const MAX_DEPTH = 32;

function readable(value: unknown, above: Set<object>): unknown {
  switch (typeof value) {
    case 'string':
      return dataUrlPlaceholder(value) ?? value;
    case 'bigint':
      return value.toString();
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    case 'object':
      return value === null ? null : readableObject(value, above);
    default:
      return value;
  }
}

function readableObject(value: object, above: Set<object>): unknown {
  if (above.has(value)) return '[circular]';
  if (above.size >= MAX_DEPTH) return '[too deep]';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return { type: 'blob', bytes: value.byteLength };
  }
  above.add(value);
  try {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return readable(toJSON.call(value), above);
    if (Array.isArray(value)) return value.map((item) => readable(item, above));
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      result[key] = readable((value as Record<string, unknown>)[key], above);
    }
    return result;
  } catch {
    return '[unreadable]';
  } finally {
    above.delete(value);
  }
}
