import { expect, it } from 'vitest';
import { startCollector } from '../harness/collector';
import { type SeenRequest, startModelServer } from '../harness/model-server';
import type { NodeName } from '../harness/nodes';
import { apiFolder, type Format, place } from '../harness/otel-apps';
import { fixtures } from '../harness/paths';
import { runApp } from '../harness/run-app';
import { spanTree } from '../harness/span-tree';

const cases = (['20', '22', '24', '26'] as NodeName[]).flatMap((node) =>
  (['mjs', 'cjs'] as Format[]).map((format) => ({ node, format })),
);

async function outcome(node: NodeName, format: Format, traced: boolean) {
  const [models, collector] = await Promise.all([startModelServer(), startCollector()]);
  const preload = format === 'mjs' ? 'import' : 'require';
  const app = place(apiFolder('1.9', 'openai-6'), 'http/behaviour.mjs', format);
  const env = {
    RESPAN_API_KEY: 'k',
    RESPAN_BASE_URL: collector.url,
    MODEL_URL: models.url,
    CERTIFICATES: `${fixtures}/http`,
  };
  const run = await runApp({ app, node, preload: traced ? preload : 'none', env });
  await Promise.all([models.close(), collector.close()]);
  return {
    run,
    requests: models.requests.map((request) => sent(request, models.url)),
    spans: collector.spans(),
  };
}

/** A request as it came in, without our header and what every run has its own of. */
function sent({ method, path, rawHeaders, body }: SeenRequest, url: string): string {
  const lines: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (name !== 'traceparent') lines.push(`${name}: ${value.replace(url.replace('http://', ''), '(host)')}`);
  }
  return [`${method} ${path}`, ...lines, body].join('\n');
}

it.each(cases)(
  'Node $node, $format: what an app sees of HTTP, and what it sends, is the same',
  async (details) => {
    const { node, format } = details;
    const [without, withUs] = await Promise.all([outcome(node, format, false), outcome(node, format, true)]);
    expect(withUs.run).toEqual(without.run);
    expect(without.run).toMatchObject({ code: 0, stderr: '' });
    expect(withUs.requests).toEqual(without.requests);
    expect(withUs.requests.length).toBeGreaterThan(10);
    // It was traced at all.
    const tree = spanTree(withUs.spans);
    expect(tree).not.toContain('parent missing');
    // Two plain answers, one cut off, and two over TLS.
    expect(withUs.spans.filter(({ kind }) => kind === 2).length).toBe(5);
    expect(withUs.spans.filter(({ kind }) => kind === 3).length).toBeGreaterThan(15);
  },
);
