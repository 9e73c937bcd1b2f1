import { asArray, asDict, type Dict } from '../../genai/read';

/**
 * `@google/generative-ai` and `@google-cloud/vertexai`: a request is a text, a list of parts or a body, and what it
 * leaves out is what the model was made with.
 */
export function modelBody(request: unknown, model: Dict): Dict {
  const body = asDict(request);
  const own = body && 'contents' in body ? body : { contents: request };
  return { ...settingsOf(model), ...own };
}

/** A message comes after the history so far; the settings are the chat's, which are its `params` in the one SDK. */
export function chatBody(message: unknown, chat: Dict): Dict {
  const history = asArray(chat._history) ?? asArray(chat.historyInternal) ?? [];
  const parts = asArray(message) ?? [message];
  return { ...settingsOf(asDict(chat.params) ?? chat), contents: [...history, { role: 'user', parts }] };
}

const SETTINGS = ['generationConfig', 'systemInstruction', 'tools'];

const settingsOf = (holder: Dict): Dict =>
  Object.fromEntries(SETTINGS.filter((name) => holder[name]).map((name) => [name, holder[name]]));
