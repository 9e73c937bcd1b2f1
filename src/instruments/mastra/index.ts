import { defineInstrument } from '../kit/define';
import { patch, type Wrapper } from '../kit/wrap';
import { holderOf } from '../shapes/ai_sdk/trace-model';
import { tracedLLM, tracedModelConfig, tracedRun } from './agents';
import { tracedStep, tracedWorkflow } from './workflows';

/** Ways to run an agent, over the versions. */
const RUNS = [
  'generate',
  'generateLegacy',
  'generateVNext',
  'stream',
  'streamLegacy',
  'streamVNext',
  'network',
  'resumeGenerate',
  'resumeStream',
  'resumeStreamVNext',
];

export const instrument = defineInstrument({
  id: 'mastra',
  patchModule({ exports }) {
    const prototypeOf = (name: string): object | undefined => {
      const exported = exports[name];
      return typeof exported === 'function' ? (exported.prototype as object) : undefined;
    };
    patch((wrap) => {
      const agent = prototypeOf('Agent');
      if (agent) {
        // Before 1.0 the main entry point's is a subclass of the one that has them.
        const wrapOwn = (method: string, wrapper: Wrapper): void => {
          const holder = holderOf(agent, method);
          if (holder) wrap(holder, method, wrapper);
        };
        for (const method of RUNS) wrapOwn(method, tracedRun(method));
        wrapOwn('resolveModelConfig', tracedModelConfig);
        wrapOwn('getLLM', tracedLLM);
      }
      const run = prototypeOf('Run');
      if (run) for (const method of ['_start', '_resume']) wrap(run, method, tracedWorkflow);
      const engine = prototypeOf('DefaultExecutionEngine');
      if (engine) wrap(engine, 'executeStep', tracedStep);
    });
  },
});
