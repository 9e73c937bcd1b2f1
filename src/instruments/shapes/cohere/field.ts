import type { Dict } from '../../genai/read';

const spelt = new Map<string, string>();

/**
 * A field of a body by its name in the HTTP API (`stop_sequences`), or by what Cohere's SDK calls it in its
 * own objects (`stopSequences`).
 */
export function field(body: Dict | undefined, name: string): unknown {
  return body?.[name] ?? body?.[camelCase(name)];
}

function camelCase(name: string): string {
  let camel = spelt.get(name);
  if (camel === undefined) {
    camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    spelt.set(name, camel);
  }
  return camel;
}
