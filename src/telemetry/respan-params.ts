import { log } from '../config/log';
import type { Attributes, AttributeValue } from './api';
import { toBoundedJson } from './to-json';

/**
 * What Respan calls parameters of a span, and the attributes its SDKs write them to. Names are taken in camelCase
 * and in snake_case.
 */
const ATTRIBUTE_OF: Record<string, string> = {
  customer_identifier: 'respan.customer_params.customer_identifier',
  customer_email: 'respan.customer_params.email',
  customer_name: 'respan.customer_params.name',
  evaluation_identifier: 'respan.evaluation_params.evaluation_identifier',
  thread_identifier: 'respan.threads.thread_identifier',
  session_identifier: 'respan.sessions.session_identifier',
  custom_identifier: 'respan.span_params.custom_identifier',
  trace_group_identifier: 'respan.trace.trace_group_identifier',
  group_identifier: 'respan.trace.trace_group_identifier',
  properties: 'respan.properties',
  prompt: 'respan.prompt',
  environment: 'respan.environment',
  log_type: 'respan.entity.log_type',
};

/** `customer_params: { customer_identifier, email, name }`, as the platform's own log objects have it. */
const CUSTOMER_PARAMS: Record<string, string> = {
  customer_identifier: 'customer_identifier',
  email: 'customer_email',
  name: 'customer_name',
};

export const RESPAN_PARAMS: readonly string[] = [...Object.keys(ATTRIBUTE_OF), 'metadata', 'customer_params'];

/** The attributes for `params`. A name that is not known is said once and left out. */
export function attributesOfParams(params: unknown): Attributes {
  const attributes: Attributes = {};
  if (typeof params !== 'object' || params === null) return attributes;
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined || value === null) continue;
    const name = snakeCase(key);
    if (name === 'metadata') putMetadata(attributes, value);
    else if (name === 'customer_params') putCustomer(attributes, value);
    else if (Object.hasOwn(ATTRIBUTE_OF, name)) attributes[ATTRIBUTE_OF[name]!] = asText(value);
    else
      log.once(
        'warn',
        `there is no Respan parameter ${JSON.stringify(key)}; metadata takes whatever has no name of its own`,
      );
  }
  return attributes;
}

/** One attribute a key, so that each can be searched for, and that nested calls merge. */
function putMetadata(attributes: Attributes, metadata: unknown): void {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    log.once('warn', `metadata has to be an object; ${JSON.stringify(typeof metadata)} is left out`);
    return;
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (value !== undefined && value !== null) attributes[`respan.metadata.${key}`] = asText(value);
  }
}

function putCustomer(attributes: Attributes, customer: unknown): void {
  if (typeof customer !== 'object' || customer === null) return;
  for (const [key, value] of Object.entries(customer)) {
    const param = CUSTOMER_PARAMS[snakeCase(key)];
    if (param && value !== undefined && value !== null) attributes[ATTRIBUTE_OF[param]!] = asText(value);
  }
}

function asText(value: unknown): AttributeValue {
  return typeof value === 'string' ? value : toBoundedJson(value);
}

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '_' : ''}${letter.toLowerCase()}`);
