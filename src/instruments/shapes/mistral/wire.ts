/**
 * The SDK has names in camel case where the API has them in snake case. Mappings know the API's: shapes/mistral is also
 * what the requests of other clients are read with.
 */
export function toWire(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => toWire(item, depth + 1));
  // Dates, bytes and schemas are what they are.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const dict = value as Record<string, unknown>;
  // What the SDK does not know it passes on in this way.
  if (dict.isUnknown === true && 'raw' in dict) return dict.raw;
  return Object.fromEntries(
    Object.entries(dict).map(([key, item]) => [
      snakeCase(key),
      OF_THE_APP.has(key) ? item : toWire(item, depth + 1),
    ]),
  );
}

const MAX_DEPTH = 12;

/** Below these the names are those of the app or of the model; vectors have none, and many numbers. */
const OF_THE_APP = new Set([
  'arguments',
  'parameters',
  'schemaDefinition',
  'metadata',
  'info',
  'parsed',
  'embedding',
]);

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
