import { asDict, asString } from '../genai/read';
import { type ModelOperation, modelMethod } from '../kit/method';
import { patch, type Wrapper } from '../kit/wrap';
import { namingModels } from './model-names';
import { generateRequest, pipelineRequest, pipelineResponse } from './pipeline-calls';
import { isTask, spanSuffix } from './tasks';
import { countingCalls, countingGenerate } from './token-counts';

const INSTRUMENT = 'transformers';

/**
 * `@huggingface/transformers`, and `@xenova/transformers` before it. A pipeline is a function that calls `_call` of its
 * class; what it generates with and which tokens it gives to it are seen at its model's class.
 */
export function patchTransformers(exports: Record<string, unknown>): void {
  // The bundles of 3.x keep everything in one object.
  const library = asDict(exports.__webpack_exports__) ?? exports;
  patch((wrap) => {
    for (const name of Object.keys(library).filter((key) => key.endsWith('Pipeline'))) {
      const prototype = prototypeOf(library[name]);
      // Summarization and translation are the pipeline that makes text of text.
      if (prototype && Object.hasOwn(prototype, '_call'))
        wrap(prototype, '_call', pipelineCall(taskOfClass(name)));
    }
    const { PreTrainedModel } = library;
    const prototype = prototypeOf(PreTrainedModel);
    if (!prototype) return;
    wrap(PreTrainedModel as object, 'from_pretrained', namingModels);
    wrap(prototype, '_call', countingCalls);
    wrap(prototype, 'generate', (original) => modelMethod(generating)(countingGenerate(original)));
  });
}

const prototypeOf = (value: unknown): object | undefined =>
  typeof value === 'function' ? (value.prototype as object) : undefined;

/** `TextGenerationPipeline` is for `text-generation`. */
function taskOfClass(name: string): string {
  const words = name.replace(/Pipeline$/, '').match(/[A-Z][a-z]*(2[A-Z][a-z]*)?/g) ?? [];
  return words.join('-').toLowerCase();
}

/** For each task of the class, since the span is named after it. */
function pipelineCall(taskOfItsClass: string): Wrapper {
  return (original) => {
    const traced = new Map<string, ReturnType<Wrapper>>();
    return function (this: unknown, ...args: unknown[]) {
      const given = asString((this as { task?: unknown } | undefined)?.task);
      const task = given !== undefined && isTask(given) ? given : taskOfItsClass;
      let call = traced.get(task);
      if (!call) traced.set(task, (call = modelMethod(pipelineOperation(task))(original)));
      return call.apply(this, args);
    };
  };
}

const pipelineOperation = (task: string): ModelOperation => ({
  instrument: INSTRUMENT,
  name: `${INSTRUMENT}.${spanSuffix(task)}`,
  request: (args, self) => pipelineRequest(task, args, self),
  response: (answer) => pipelineResponse(task, answer),
  isPartOfOuter: true,
});

/** `model.generate()` without a pipeline: ids in and ids out, of which only how many is told. */
const generating: ModelOperation = {
  instrument: INSTRUMENT,
  name: `${INSTRUMENT}.generate`,
  request: (args, self) => generateRequest(args, self),
  response: () => ({}),
  isPartOfOuter: true,
};
