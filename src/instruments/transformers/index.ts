import { defineInstrument } from '../kit/define';
import { patchInference } from './hosted';
import { patchTransformers } from './local';

/** Hugging Face: models that run in this process, and those that its inference providers host. */
export const instrument = defineInstrument({
  id: 'transformers',
  patchModule({ package: name, exports }) {
    if (name === '@huggingface/inference') patchInference(exports);
    else patchTransformers(exports);
  },
});
