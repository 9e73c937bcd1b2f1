export type AttributeValue = string | number | boolean | string[];
export type Attributes = Record<string, AttributeValue>;
type Optional = AttributeValue | null | undefined;

/** What has no value is no attribute: nor have an empty text and a number that is no number. */
export function put(attributes: Attributes, name: string, value: Optional): void {
  if (value === undefined || value === null || value === '') return;
  if (typeof value === 'number' && !Number.isFinite(value)) return;
  attributes[name] = value;
}

export function putAll(attributes: Attributes, values: Record<string, Optional> | undefined): void {
  for (const name in values) put(attributes, name, values[name]);
}
