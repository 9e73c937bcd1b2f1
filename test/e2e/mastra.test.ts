import { frameworkSteps, rootSpans, spanForest } from '../harness/framework-spans';
import { startOpenAIProvider } from '../harness/openai-provider';
import { describeProvider } from '../harness/provider-suite';

/** The trees of other runs have other ids. */
const withoutRun = (text: string): string =>
  text.replace(/mastra\.run\.id = "[\w-]+"/g, 'mastra.run.id = "<id>"');

describeProvider({
  fixture: 'mastra',
  versions: [
    { name: 'mastra-0', sdks: ['mastra-0', 'ai-openai-2'], nodes: ['20'] },
    { name: 'mastra-1', sdks: ['mastra-1', 'ai-openai-3'], nodes: ['24'] },
  ],
  startServer: startOpenAIProvider,
  // The requests of tools are between services of the app's: they would carry the trace.
  env: { OTEL_PROPAGATORS: 'none' },
  select: (spans) => spans,
  stepsOf: frameworkSteps,
  counted: rootSpans,
  spanLines: (...args) => withoutRun(spanForest(...args)),
  spansOfStep: { parallel: 3 },
});
