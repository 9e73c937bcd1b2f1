import { asArray, asDict, asString } from '../../genai/read';

/** Deeper than anything a request has. */
const MAX_DEPTH = 32;

/** What a `google.protobuf.Value` stands for; anything else is what it is. */
export function plainValue(value: unknown, depth = 0): unknown {
  const message = asDict(value);
  if (!message || depth > MAX_DEPTH) return value;
  const { structValue, listValue } = message;
  if (asDict(structValue)) {
    const fields = Object.entries(asDict(asDict(structValue)?.fields) ?? {});
    return Object.fromEntries(fields.map(([name, field]) => [name, plainValue(field, depth + 1)]));
  }
  if (asDict(listValue)) {
    return (asArray(asDict(listValue)?.values) ?? []).map((item) => plainValue(item, depth + 1));
  }
  // Decoded messages inherit the defaults of all kinds: `kind` tells which one it is.
  const kind = asString(message.kind) ?? SCALARS.find((name) => Object.hasOwn(message, name));
  if (kind === undefined) return value;
  return kind === 'nullValue' ? null : message[kind];
}

const SCALARS = ['stringValue', 'numberValue', 'boolValue', 'nullValue'];
