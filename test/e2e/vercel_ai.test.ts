import { frameworkSteps, rootSpans, spanForest } from '../harness/framework-spans';
import { startOpenAIProvider } from '../harness/openai-provider';
import { describeProvider } from '../harness/provider-suite';

/** Steps that only `ai` 5 and later have are in the transcripts of those alone. */
describeProvider({
  fixture: 'vercel_ai',
  versions: [
    { name: 'ai-4', sdks: ['ai-4', 'ai-openai-1'], nodes: ['20', '24'] },
    { name: 'ai-5', sdks: ['ai-5', 'ai-openai-2'], nodes: ['20'] },
    { name: 'ai-6', sdks: ['ai-6', 'ai-openai-3'], nodes: ['24'] },
    { name: 'ai-7', sdks: ['ai-7', 'ai-openai-4'], nodes: ['24', '26'] },
  ],
  startServer: startOpenAIProvider,
  // The requests of tools are between services of the app's: they would carry the trace.
  env: { OTEL_PROPAGATORS: 'none' },
  select: (spans) => spans,
  stepsOf: frameworkSteps,
  counted: rootSpans,
  spanLines: spanForest,
  spansOfStep: {
    parallel: 3,
    'one tool in two calls': 2,
    // No prompt that anybody could read; the tool of the call that is not traced asks for the weather.
    'no arguments': 0,
    'no model': 0,
    'telemetry off': 0,
    'telemetry off in a stream': 0,
    'without inputs': 0,
    'without inputs and outputs': 0,
    // Nobody can read what is transcribed.
    transcribe: 0,
    unknown: 6,
  },
});
