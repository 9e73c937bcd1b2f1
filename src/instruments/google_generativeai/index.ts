import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { patchGenAI } from './genai';
import { patchGenerativeAI } from './generative-ai';

/** `@google/genai`, also with `vertexai: true`, and `@google/generative-ai`, which came before it. */
export const instrument = defineInstrument({
  id: 'google_generativeai',
  patchModule({ package: name, exports }) {
    patch((wrap) => {
      if (name === '@google/genai') patchGenAI(wrap, exports);
      else patchGenerativeAI(wrap, exports);
    });
  },
});
