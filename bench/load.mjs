/**
 * What becomes of spans, memory and answers when the backend is in trouble all the time:
 *
 *   npm run build && node --import tsx bench/load.mjs [--calls 200000]
 *
 * A web app makes one model call for each request it gets, at full speed; its backend fails, hangs, breaks off, asks for
 * patience, finds requests too large, takes only some spans, answers byte by byte, and works, in turn. In the end every
 * span is accounted for, by the app's last line and by the backend.
 */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runLoad } from '../test/harness/load.ts';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '200000' } } });
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const ok = { mood: { kind: 'ok' }, millis: 3_000 };
const result = await runLoad({
  calls: Number(values.calls),
  cwd: path('../fixtures/quickstart'),
  app: path('load/server.cjs'),
  moods: [
    ok,
    { mood: { kind: 'status', status: 503 }, millis: 2_000 },
    ok,
    { mood: { kind: 'hang' }, millis: 2_000 },
    ok,
    { mood: { kind: 'reset' }, millis: 1_500 },
    ok,
    { mood: { kind: 'status', status: 500 }, millis: 1_000 },
    ok,
    { mood: { kind: 'status', status: 429, headers: { 'retry-after': '1' } }, millis: 1_500 },
    ok,
    { mood: { kind: '413', maxBytes: 200_000 }, millis: 3_000 },
    { mood: { kind: 'partial', rejected: 1 }, millis: 2_000 },
    { mood: { kind: 'trickle' }, millis: 2_000 },
  ],
});

const { app, collector, stderr, seconds, exitMillis, code } = result;
console.log(stderr.trimEnd());
console.log(`
${app.calls} calls in ${seconds.toFixed(0)} s (${Math.round(app.calls / seconds)}/s), exit code ${code}, ${exitMillis.toFixed(0)} ms from the end to the exit
slowest answer ${app.slowest.toFixed(0)} ms, peak memory ${app.rssMB} MB
heap in MB after each ${app.heap[0]?.calls ?? '?'} calls: ${app.heap.map(({ heapMB }) => heapMB).join(' ')}
the backend: ${collector.requests} requests, ${collector.taken.size} spans taken, ${collector.twice} twice, ${collector.rejected} rejected
`);
await collector.close();
