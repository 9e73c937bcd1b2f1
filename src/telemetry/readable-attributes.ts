import { isAttributeValue } from '@opentelemetry/core';
import type { Attributes } from './api';
import { toBoundedJson } from './to-json';

/**
 * Attributes of whatever code gives: OpenTelemetry knows text, numbers, booleans and lists of these, and drops the rest.
 * Here objects become JSON, and dates and BigInt text. Never throws.
 */
export function readableAttributes(values: unknown): Attributes {
  const attributes: Attributes = {};
  if (typeof values !== 'object' || values === null) return attributes;
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    attributes[name] = isAttributeValue(value) ? value : asText(value);
  }
  return attributes;
}

function asText(value: unknown): string {
  const json = toBoundedJson(value);
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}
