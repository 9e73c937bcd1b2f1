import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/instruments/catalog';
import { type CollectedSpan, startCollector } from '../harness/collector';
import type { NodeName } from '../harness/nodes';
import { fixtures } from '../harness/paths';
import { exportTo } from '../harness/provider-suite';
import { type AppRun, runApp } from '../harness/run-app';

/**
 * The packages that apps use most, in one process, with every instrument on: what they export, how the process ends
 * and what it says is what it is without respan.
 */
const folder = join(fixtures, 'popular-packages');

const COMBINATIONS: { format: 'mjs' | 'cjs'; node: NodeName; preload: 'import' | 'require' }[] = [
  { format: 'mjs', node: '20', preload: 'require' },
  { format: 'cjs', node: '20', preload: 'import' },
  { format: 'mjs', node: '24', preload: 'import' },
  { format: 'cjs', node: '24', preload: 'require' },
];

/** Inherited from a class that others share, and wrapped on these alone: seen as their own. */
const BECOME_OWN: [line: RegExp, member: string][] = [
  [/^@aws-sdk\/client-bedrock-runtime BedrockRuntimeClient:/, ' send:Function(send/3).c'],
  [/^mongoose Query:/, ' $where:Function(/1).c'],
  [/^socket\.io Socket:/, ' on:Function(on/2).c'],
  [/^winston Logger:/, ' write:Function(/3).c'],
  [/^(node:https?|@hapi\/\w+) Server:/, ' emit:Function(emit/1).c'],
];

/** Plain functions that others stand in for, which look like them but for their source. */
const REPLACED =
  /^(@grpc\/grpc-js|@hapi\/hapi|connect|dataloader|ejs|fs-extra|graceful-fs|graphql|mysql|pino|node:(dns|fs|https?)) /;

function normal(line: string): string {
  const own = BECOME_OWN.filter(([place]) => place.test(line)).reduce(
    (rest, [, member]) => rest.replace(member, ''),
    line,
  );
  return REPLACED.test(own) ? own.replace(/(: function \S*) [0-9a-f]{8}/, '$1') : own;
}

/** Ids of processes and the time of day. */
const said = ({ stderr }: AppRun): string =>
  stderr.replace(/\(node:\d+\)/g, '(node)').replace(/^\w+, \d.* GMT/gm, '(date)');

describe('the most used packages', () => {
  it('are 150', () => {
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(Object.keys(dependencies)).toHaveLength(150);
  });

  it.each(COMBINATIONS)(
    '$format on Node $node, --$preload',
    async ({ format, node, preload }) => {
      const collector = await startCollector();
      try {
        const app = { app: join(folder, `app.${format}`), node, cwd: folder, timeoutMillis: 200_000 };
        const [bare, traced] = await Promise.all([
          runApp({ ...app, preload: 'none' }),
          runApp({
            ...app,
            preload,
            env: { ...exportTo(collector), RESPAN_INSTRUMENTS: catalog.map(({ id }) => id).join() },
          }),
        ]);
        expect(bare).toMatchObject({ code: 0, signal: null });
        expect(bare.stdout).not.toMatch(/^\S+ (imported|required): \w*Error/m);
        expect(traced.stdout.split('\n').map(normal)).toEqual(bare.stdout.split('\n').map(normal));
        expect(said(traced)).toBe(said(bare));
        expect(traced).toMatchObject({ code: 0, signal: null });
        expect(collector.spans().filter(isOfPackages)).toEqual([]);
      } finally {
        await collector.close();
      }
    },
    420_000,
  );
});

/** Packages read files as they load; nothing else happens. */
const isOfPackages = ({ scope }: CollectedSpan): boolean => !scope.endsWith('instrumentation-fs');
