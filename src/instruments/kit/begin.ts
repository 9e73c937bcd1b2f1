import { readable } from '../../config/safely';
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
  return startModelCall({ ...begun, request: readable('a request', read) ?? without() });
}
