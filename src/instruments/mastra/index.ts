import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
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
        for (const method of RUNS) wrap(agent, method, tracedRun(method));
        wrap(agent, 'resolveModelConfig', tracedModelConfig);
        wrap(agent, 'getLLM', tracedLLM);
      }
      const run = prototypeOf('Run');
      if (run) for (const method of ['_start', '_resume']) wrap(run, method, tracedWorkflow);
      const engine = prototypeOf('DefaultExecutionEngine');
      if (engine) wrap(engine, 'executeStep', tracedStep);
    });
  },
});
