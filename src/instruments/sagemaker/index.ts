import { defineInstrument } from '../kit/define';
import { smithySend } from '../kit/smithy';
import { patch } from '../kit/wrap';
import { commands } from './commands';

const send = smithySend({ instrument: 'sagemaker', commands });

export const instrument = defineInstrument({
  id: 'sagemaker',
  patchModule({ exports }) {
    const { SageMakerRuntimeClient } = exports;
    if (typeof SageMakerRuntimeClient !== 'function') return;
    patch((wrap) => wrap(SageMakerRuntimeClient.prototype as object, 'send', send));
  },
});
