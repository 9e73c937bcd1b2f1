import type { Dict } from '../../genai/read';

/** A field of a body: the API takes `systemInstruction` and `system_instruction` alike, and its own examples use both. */
export function field(dict: Dict | undefined, name: string): unknown {
  if (!dict) return undefined;
  return dict[name] ?? dict[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

/** `models/gemini-x` and `projects/…/publishers/google/models/gemini-x` are `gemini-x`; tuned models keep their path. */
export function modelName(model: unknown): string | undefined {
  if (typeof model !== 'string') return undefined;
  return /(?:^|\/)models\/([^/]+)$/.exec(model)?.[1] ?? model;
}
