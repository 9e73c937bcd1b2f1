import { beforeAll, describe, expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { type EndOptions, endsApp, type Mode, runToEnd } from '../harness/ends';
import type { NodeName } from '../harness/nodes';

interface EndCase {
  event: string;
  signal?: NodeJS.Signals;
  /** What is said of an answer that was still coming; undefined where it is no interruption. */
  by?: string;
  /** The same, where it is the command line that says so. */
  byRun?: string;
  /** Where only the command line can see to it. */
  only?: Mode;
}

const CASES: EndCase[] = [
  { event: 'natural' },
  { event: 'exitCode' },
  { event: 'exit', by: 'exit code 3' },
  { event: 'exitLater', by: 'exit code 0' },
  { event: 'exitOfTheWrongType', by: 'exit code 4' },
  { event: 'exitInExit', by: 'exit code 2' },
  { event: 'exitInBeforeExit' },
  { event: 'uncaught', by: 'TypeError' },
  { event: 'uncaughtHandled', by: 'Error' },
  { event: 'unhandledRejection', by: 'RangeError' },
  { event: 'neverSettles' },
  { event: 'killsItself', by: 'SIGTERM' },
  { event: 'isKilledByItself', by: 'SIGKILL' },
  { event: 'aborts', by: 'SIGABRT', only: 'run' },
  { event: 'signal', signal: 'SIGTERM', by: 'SIGTERM' },
  { event: 'signal', signal: 'SIGINT', by: 'SIGINT' },
  { event: 'signal', signal: 'SIGHUP', by: 'SIGHUP' },
  { event: 'signalDrains', signal: 'SIGTERM' },
  { event: 'signalOnceExits', signal: 'SIGTERM', by: 'exit code 0' },
  { event: 'signalIsIgnored', signal: 'SIGTERM', by: 'exit code 11' },
  { event: 'workerExits', by: 'exit code 12' },
  { event: 'workerIsTerminated', by: 'the end of its thread' },
  { event: 'childExits', by: 'exit code 13' },
  { event: 'childIsKilled', by: 'SIGTERM', byRun: 'the end of its process' },
  { event: 'disconnected', by: 'exit code 14' },
];

const NODES = (process.env.ENDS_NODES?.split(',') ?? ['20', '24']) as NodeName[];
/** So that nothing is ever cut short here, on a machine that is busy. */
const PATIENT = { RESPAN_SHUTDOWN_TIMEOUT: '60s' };

let cwd: string;
beforeAll(() => {
  cwd = endsApp();
});

/** The end as the one who started the app sees it, and what the backend got. */
async function endOf(options: EndOptions) {
  const collector = await startCollector();
  const env = { OPEN: '1', RESPAN_API_KEY: 'key', RESPAN_BASE_URL: collector.url, ...PATIENT };
  const { millis: _, ...seen } = await runToEnd({ ...options, env });
  await collector.close();
  return { seen, spans: collector.spans().filter(({ name }) => name === 'openai.chat') };
}

const shown = ({ attributes, status }: CollectedSpan) => [
  attributes['gen_ai.completion.0.content'],
  attributes['respan.interrupted_by'],
  status.code,
];

describe.each(NODES)('the end of a process on Node %s', (node) => {
  describe.each(['cjs', 'mjs'] as const)('of %s', (module) => {
    it.concurrent.each(CASES)('$event $signal', async ({ event, signal, only, ...expected }) => {
      const options = { node, cwd, signal, args: [`app.${module}`, event] };
      const modes = (['preload', 'run'] as const).filter((mode) => (only ?? mode) === mode);
      const [bare, ...ends] = await Promise.all(
        ['none' as const, ...modes].map((mode) => endOf({ ...options, mode })),
      );
      expect(bare!.seen.stdout).toContain('the answer');
      ends.forEach(({ seen, spans }, i) => {
        expect({ mode: modes[i], ...seen }).toEqual({ mode: modes[i], ...bare!.seen });
        const by = (modes[i] === 'run' && expected.byRun) || expected.by;
        // What a killed process knew is what it has told by then.
        const isTold = modes[i] === 'run' || by === 'the end of its thread';
        const isKilled = isTold && by !== undefined && !/^exit code|Error$/.test(by);
        expect(spans.map(shown)).toEqual([
          ['the answer', undefined, 0],
          [isKilled ? spans[1] && shown(spans[1])[0] : 'one two ', by, by === undefined ? 0 : 2],
        ]);
      });
    });
  });
});
