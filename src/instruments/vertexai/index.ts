import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { patchModels } from './models';
import { patchPrediction } from './prediction';

/**
 * `@google-cloud/vertexai`, and predictions of `@google-cloud/aiplatform`. The successor of the first one,
 * `@google/genai` with `vertexai: true`, is the google_generativeai instrument's: the same classes serve both of
 * Google's APIs there.
 */
export const instrument = defineInstrument({
  id: 'vertexai',
  patchModule({ package: name, exports }) {
    patch((wrap) => {
      if (name === '@google-cloud/aiplatform') patchPrediction(wrap, exports);
      else patchModels(wrap, exports);
    });
  },
});
