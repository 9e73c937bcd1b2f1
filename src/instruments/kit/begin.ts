import { log } from '../../config/log';
import type { ModelRequest } from '../genai/types';
import { type ModelCall, startModelCall } from './model-call';

interface Begun {
  instrument: string;
  /** The span's name: `<provider>.<operation>`. */
  name: string;
}

/**
 * Starts a call's span. What of the arguments cannot be read (a getter of the app's that throws) costs the details,
 * not the span: then the request is what `without` says.
 */
export function beginCall(
  { instrument, name }: Begun,
  read: () => ModelRequest,
  without: () => ModelRequest,
): ModelCall {
  let request: ModelRequest;
  try {
    request = read();
  } catch (error) {
    log.debug(`a request could not be read: ${error instanceof Error ? error.message : typeof error}`);
    request = without();
  }
  return startModelCall({ instrument, name, request });
}
