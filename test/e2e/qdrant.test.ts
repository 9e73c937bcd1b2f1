import { expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { databaseSpans, stepNamedBy } from '../harness/database-spans';
import { placeApp } from '../harness/place-app';
import { describeProvider, exportTo } from '../harness/provider-suite';
import { startQdrantProvider } from '../harness/qdrant-provider';
import { type AppRun, runApp } from '../harness/run-app';

describeProvider({
  fixture: 'qdrant',
  versions: [
    { name: 'qdrant-1.12', sdks: ['qdrant-1.12'], nodes: ['20', '24'] },
    { name: 'qdrant-1.18', sdks: ['qdrant-1.18'], nodes: ['20', '24'] },
    { name: 'qdrant-1.19', sdks: ['qdrant-1.19'], nodes: ['24', '26'] },
  ],
  startServer: startQdrantProvider,
  // Those have no collection.
  spansOfStep: { parallel: 5, collections: 0, 'throwing getter': 0, unknown: 2 },
  select: databaseSpans,
  stepOf: stepNamedBy('db.collection.name'),
});

it.each(['20', '24'] as const)(
  'an un-awaited call that fails ends the process as without respan (Node %s)',
  async (node) => {
    const [provider, collector] = await Promise.all([startQdrantProvider(), startCollector()]);
    try {
      const how = { app: 'unawaited-failure.cjs', node, cwd: placeApp('qdrant', ['qdrant-1.18']) };
      const env = { PROVIDER_URL: provider.url };
      const bare = await runApp({ ...how, env, preload: 'none' });
      const traced = await runApp({ ...how, env: { ...env, ...exportTo(collector) }, preload: 'require' });
      expect(bare.code).toBe(1);
      expect(bare.stderr).toContain('Bad Request');
      expect(withoutDate(traced)).toEqual(withoutDate(bare));
    } finally {
      await Promise.all([provider.close(), collector.close()]);
    }
  },
);

/** The error is printed with the answer's headers: its date is not the same in both runs. */
const withoutDate = (run: AppRun): AppRun => ({
  ...run,
  stderr: run.stderr.replace(/date: '[^']*'/, 'date'),
});
