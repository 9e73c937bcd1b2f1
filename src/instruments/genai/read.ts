/**
 * Readers for values of unknown shape: what an app passes and what a provider answers is whatever it is. Each
 * answers undefined for anything but the wanted type; absent is absent.
 */
export type Dict = Record<string, unknown>;

export const asDict = (value: unknown): Dict | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Dict) : undefined;

export const asArray = (value: unknown): unknown[] | undefined => (Array.isArray(value) ? value : undefined);

export const asString = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** A value as text, whatever it is: that of an answer may have `toString` among its properties. */
export function asText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

export const asNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

export const asBoolean = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

/** A string or a list of strings, as a list. */
export function asStrings(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  const list = asArray(value)?.filter((item): item is string => typeof item === 'string');
  return list && list.length > 0 ? list : undefined;
}

/** The dicts of a list; anything else in it is left out. */
export const asDicts = (value: unknown): Dict[] =>
  (asArray(value) ?? []).map(asDict).filter((item): item is Dict => item !== undefined);

/** What an object holds under that name. What it works out when somebody asks (a getter) is the app's to ask for. */
export function asHeld(owner: unknown, name: string): unknown {
  const property = asDict(owner) && Object.getOwnPropertyDescriptor(owner, name);
  return property && 'value' in property ? property.value : undefined;
}

/** Tool arguments come as JSON text: parsed where they can be, as they are where not (a stream cut short). */
export function parseArguments(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
