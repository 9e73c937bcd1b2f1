import { log } from '../../config/log';
import type { ModelRequest } from '../genai/types';
import { type ModelCall, type ModelCallOptions, startModelCall } from './model-call';

type Begun = Omit<ModelCallOptions, 'request'>;

/**
 * Starts a call's span. What of the arguments cannot be read (a getter of the app's that throws) costs the details,
 * not the span: then the request is what `without` says.
 */
export function beginCall(
  begun: Begun,
  read: () => Partial<ModelRequest>,
  without: () => Partial<ModelRequest>,
): ModelCall {
  let request: Partial<ModelRequest>;
  try {
    request = read();
  } catch (error) {
    log.debug(`a request could not be read: ${error instanceof Error ? error.message : typeof error}`);
    request = without();
  }
  return startModelCall({ ...begun, request });
}
