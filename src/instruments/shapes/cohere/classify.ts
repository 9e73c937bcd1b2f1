import { asDict, asDicts, asString, asStrings } from '../../genai/read';
import type { WireOperation } from '../../genai/types';
import { baseRequest, textMessage } from './request';
import { usageOf } from './usage';

/** `/v1/classify`. */
export const classify: WireOperation = {
  spanSuffix: 'classify',
  request: (body, sender) => ({
    ...baseRequest('classify', body, sender),
    messages: (asStrings(body.inputs) ?? []).flatMap((input) => textMessage('user', input)),
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const parts = asDicts(body.classifications).map(
      ({ prediction, predictions, confidence, confidences }) => ({
        type: 'classification',
        predictions: asStrings(predictions) ?? asStrings(prediction),
        confidences: confidences ?? confidence,
      }),
    );
    return {
      id: asString(body.id),
      messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
      ...usageOf(body.meta),
    };
  },
};
