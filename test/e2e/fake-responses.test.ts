import { describe, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { placeApp } from '../harness/place-app';
import { exportTo } from '../harness/provider-suite';
import { runApp } from '../harness/run-app';

describe.each([['express-4'], ['express-5', 'router-2']])(
  '%s with objects that only look like a response',
  (...sdks) => {
    it('calls back what it does without respan', async ({ expect }) => {
      const collector = await startCollector();
      const app = { app: 'app.cjs', cwd: placeApp('fake-responses', sdks) };
      const bare = await runApp({ ...app, preload: 'none' });
      const traced = await runApp({ ...app, env: exportTo(collector) });
      await collector.close();
      expect(bare).toMatchObject({ code: 0, stderr: '' });
      expect(bare.stdout).toContain('express answered\nexpress fails\n');
      expect(traced).toMatchObject({ code: 0, stdout: bare.stdout, stderr: '' });
      expect(collector.spans().map(({ name }) => name)).toContain('GET');
    });
  },
);
