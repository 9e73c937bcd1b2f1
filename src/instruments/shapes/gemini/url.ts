import type { WireOperation } from '../../genai/types';
import { embedContent, generateContent, predict } from './operations';

export interface GeminiCall {
  operation: WireOperation;
  /** As it is in the URL: `gemini-x`, `tunedModels/x`. */
  model: string;
  stream: boolean;
}

const METHODS: Record<string, WireOperation> = {
  generateContent,
  streamGenerateContent: generateContent,
  embedContent,
  batchEmbedContents: embedContent,
  predict,
};

/** Which operation a URL's path asks for; the model and whether it streams are told by nothing else. */
export function geminiCall(pathname: string): GeminiCall | undefined {
  const [, path, method = ''] = /\/((?:tunedModels|models|endpoints)\/[^/:]+):(\w+)$/.exec(pathname) ?? [];
  const operation = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (!path || !operation) return undefined;
  const model = path.startsWith('models/') ? path.slice('models/'.length) : path;
  return { operation, model: decodeURIComponent(model), stream: method === 'streamGenerateContent' };
}
