import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CollectedSpan, startCollector } from '../harness/collector';
import { headerNamesOf, startModelServer } from '../harness/model-server';
import type { NodeName } from '../harness/nodes';
import { type Format, place, placeAs, treeFolder } from '../harness/otel-apps';
import { register } from '../harness/paths';
import { type AppRun, runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';

const cases = ['sentry-10', 'sentry-11'].flatMap((tree) =>
  (['20', '24'] as NodeName[]).flatMap((node) =>
    (['mjs', 'cjs'] as Format[]).flatMap((format) =>
      (['before', 'after'] as const).map((where) => ({ tree, node, format, where })),
    ),
  ),
);

interface Outcome {
  run: AppRun;
  envelopes: string[];
  /** Everything Sentry sent, as it was sent. */
  sent: string;
  ours: CollectedSpan[];
  headers: Record<string, string[]>;
}

async function outcome(details: (typeof cases)[number], traced: boolean): Promise<Outcome> {
  const { tree, node, format, where } = details;
  const folder = treeFolder(tree);
  const setup = placeAs(folder, 'opentelemetry/setup-sentry.mjs', 'setup', format);
  const app = place(folder, 'opentelemetry/sentry-app.mjs', format);
  const preloads = [...(traced ? [register] : []), setup];
  if (where === 'before') preloads.reverse();
  const [sentry, ours] = await Promise.all([startCollector(), startCollector()]);
  const models = await startModelServer(traced ? ours.received : undefined);
  try {
    const run = await runApp({
      app,
      node,
      preload: 'none',
      cwd: folder,
      flags: preloads.flatMap((path) => [format === 'mjs' ? '--import' : '--require', path]),
      env: {
        SENTRY: `${sentry.url.replace('http://', 'http://key@')}/1`,
        MODEL_URL: models.url,
        RESPAN_API_KEY: 'k',
        RESPAN_BASE_URL: ours.url,
        RESPAN_BATCHING_ENABLED: 'false',
      },
    });
    const bodies = sentry.requests.map(({ body }) => body.toString());
    return {
      run,
      envelopes: bodies.flatMap(items).sort(),
      sent: bodies.join('\n'),
      ours: ours.spans(),
      headers: headerNamesOf(models),
    };
  } finally {
    await Promise.all([models.close(), sentry.close(), ours.close()]);
  }
}

/** The events and spans of an envelope, without what differs from run to run. */
function items(envelope: string): string[] {
  const lines = envelope.split('\n').filter(Boolean);
  return lines.slice(1).map((line) => JSON.stringify(normal(JSON.parse(line)), null, 1));
}

const VARYING = /time|duration|uptime|memory|boot|_id$|^(start|processor_|cpu|device|length|.*first_chunk)/;

function normal(value: unknown, key = ''): unknown {
  if (VARYING.test(key) || /\bport$/.test(key)) return `(${typeof value})`;
  if (key === 'frames') {
    // Sentry groups by the frames of the app; of Node's there are others where an emitter is bound.
    return (value as { filename: string }[])
      .filter(({ filename }) => !filename.startsWith('node:') && !filename.startsWith(dirname(register)))
      .map((frame) => normal(frame));
  }
  if (Array.isArray(value)) {
    const list = value.map((item) => normal(item));
    return key === 'spans' || key === 'items' ? list.map((item) => JSON.stringify(item)).sort() : list;
  }
  if (typeof value === 'object' && value !== null) {
    // What Sentry finds out about the machine by and by is in an event or is not.
    const known = Object.entries(value).filter(([name]) => !/^os(\.|$)/.test(name));
    const entries = known.map(([name, item]) => [name, normal(item, name)]);
    return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }
  if (typeof value !== 'string') return value;
  return value
    .replace(/sample_rand=[\d.]+/g, 'sample_rand=')
    .replace(/127\.0\.0\.1:\d+/g, '(host)')
    .replace(/\b[0-9a-f]{16,}\b/g, '(id)');
}

describe('an app with Sentry', () => {
  it.each(cases)('$tree, Node $node, $format, its preload $where ours', async (details) => {
    const [without, withUs] = await Promise.all([outcome(details, false), outcome(details, true)]);
    expect(withUs.run).toEqual(without.run);
    expect(withUs.run).toMatchObject({ code: 3, stdout: 'recording: true\nflushed: true\n' });
    expect(without.sent).toContain('"parent"');
    expect(without.sent).toContain('on purpose');
    // It instruments the same library.
    expect(without.sent).toContain('gen_ai.');
    expect(withUs.envelopes).toEqual(without.envelopes);
    expect(withUs.headers).toEqual(without.headers);
    expect(withUs.sent.split('the secret').length).toBe(without.sent.split('the secret').length);

    const tree = spanTree(withUs.ours);
    expect(tree).not.toContain('parent missing');
    expect(withUs.ours.filter(({ name }) => name === 'openai.chat')).toHaveLength(2);
    const scopes = [...new Set(withUs.ours.map(({ scope }) => scope))];
    expect(scopes.filter((scope) => !/^respan\.openai$|instrumentation-(http|undici)$/.test(scope))).toEqual(
      [],
    );
    const urls = withUs.ours.map(({ attributes }) => String(attributes['url.full'] ?? ''));
    expect(urls.filter((url) => url.includes('/envelope'))).toEqual([]);
  });
});
