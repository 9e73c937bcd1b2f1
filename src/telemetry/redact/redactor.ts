import type { Redaction } from '../../config/explicit-options';
import { patternOf } from '../../config/parsers';
import { decoded, isJson, jsonStrings } from '../shorten/json-strings';
import { SECRET } from '../to-json';
import { PATTERNS, type Pattern, type RedactionName } from './patterns';

/** Takes what is to stay out of a text; `name` is what the text is the value of. */
export type Redactor = (text: string, name?: string) => string;

/** JSON in strings of JSON, as arguments of tools are. */
const MAX_DEPTH = 6;

/** A redactor that looks into JSON string by string, so that it stays JSON, and escapes hide nothing. */
export function createRedactor(redactions: readonly Redaction[]): Redactor {
  const plain = redactions.map(plainRedactor);
  const hasKeys = redactions.includes('keys');

  function redact(text: string, name: string | undefined, depth: number): string {
    if (hasKeys && name !== undefined && SECRET.test(lastName(name)) && text !== '') return '[redacted:key]';
    if (depth < MAX_DEPTH && isJson(text)) return redactJson(text, name, depth);
    return plain.reduce((shown, step) => step(shown, name), text);
  }

  function redactJson(json: string, name: string | undefined, depth: number): string {
    let shown = '';
    let from = 0;
    let key = name;
    for (const { start, end, isKey } of jsonStrings(json)) {
      const value = decoded(json.slice(start, end));
      const redacted = isKey ? redact(value, undefined, MAX_DEPTH) : redact(value, key, depth + 1);
      shown += redactNumbers(json.slice(from, start - 1), key);
      shown += redacted === value ? json.slice(start - 1, end + 1) : JSON.stringify(redacted);
      from = end + 1;
      key = isKey ? value : name;
    }
    return shown + redactNumbers(json.slice(from), key);
  }

  function redactNumbers(between: string, name: string | undefined): string {
    return between.replace(/-?\d[\d.eE+-]*/g, (number) => {
      if (number.length < 7) return number;
      const redacted = redact(number, name, MAX_DEPTH);
      return redacted === number ? number : JSON.stringify(redacted);
    });
  }

  return (text, name) => redact(text, name, 0);
}

/** `traceloop.association.properties.api_key` is an api_key. */
const lastName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function plainRedactor(redaction: Redaction): Redactor {
  if (typeof redaction === 'function') {
    return (text, name) => {
      const redacted: unknown = redaction(text, name);
      if (typeof redacted !== 'string')
        throw new TypeError(`a redaction answered with ${typeof redacted}, not text`);
      return redacted;
    };
  }
  if (typeof redaction === 'string' && Object.hasOwn(PATTERNS, redaction)) {
    const steps = PATTERNS[redaction as RedactionName].map(withPattern);
    return (text) => steps.reduce((shown, step) => step(shown), text);
  }
  const pattern = typeof redaction === 'string' ? patternOf(redaction) : globalCopy(redaction);
  // What is between has gone as well.
  return (text) => text.replace(pattern, (found) => (found === '' ? '' : '[redacted]'));
}

function withPattern({ label, pattern, hint, holds }: Pattern): Redactor {
  const shown = `[redacted:${label}]`;
  return (text) => {
    if (hint && !hint.test(text)) return text;
    return text.replace(pattern, (found: string, kept: unknown) => {
      if (holds && !holds(found)) return found;
      return label === 'key' && typeof kept === 'string' ? `${kept}${shown}` : shown;
    });
  };
}

function globalCopy({ source, flags }: RegExp): RegExp {
  return new RegExp(source, flags.includes('g') ? flags : `${flags}g`);
}
