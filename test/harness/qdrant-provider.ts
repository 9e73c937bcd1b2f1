import { type Answer, type Body, type Call, html, json, startProviderServer } from './provider-server';
import type { ProviderServer } from './provider-suite';

/** Qdrant's REST API on loopback, written from its published OpenAPI description. A collection named so misbehaves. */
export const startQdrantProvider = (): Promise<ProviderServer> => startProviderServer(answer);

const ok = (result: unknown) => ({ result, status: 'ok', time: 0.001 });

const answer: Answer = (call) => {
  const { body, response } = call;
  const path = decodeURIComponent(call.path);
  const misbehaviour = Object.entries(MISBEHAVIOURS).find(([name]) => path.includes(`/${name}`))?.[1];
  if (misbehaviour) return misbehaviour(call, Number(/status (\d+)/.exec(path)?.[1]));
  const found = ANSWERS.find(([method, pattern]) => method === call.request.method && pattern.test(path));
  if (found) return json(response, 200, ok(found[2](body)));
  json(response, 404, { status: { error: `MARK-ERROR no ${path}` }, time: 0 });
};

const MISBEHAVIOURS: Record<string, (call: Call, status: number) => void> = {
  'status ': ({ response }, status) =>
    json(response, status, { status: { error: 'MARK-ERROR' }, time: 0 }, { 'retry-after': '1' }),
  'broken JSON': ({ response }) => json(response, 200, '{"result": ['),
  'HTML error page': ({ response }) => html(response),
};

const VECTOR = [0.5, 0.25, 0.125];

const point = (i: number, { with_payload, with_vector }: Body) => ({
  id: i % 2 === 0 ? i : `MARK-ID-${i}`,
  version: 1,
  score: 1 - i / 32,
  ...(with_payload === true && { payload: { title: `MARK-TITLE ${i}`, text: 'MARK-DOCUMENT' } }),
  ...(with_vector === true && { vector: VECTOR }),
});

const points = (body: Body) => Array.from({ length: Number(body.limit ?? 3) }, (_, i) => point(i, body));
/** What is not searched for has no score. */
const records = (body: Body, count: number) =>
  Array.from({ length: count }, (_, i) => ({ ...point(i, body), score: undefined }));
const groups = (body: Body) => ({
  groups: [0, 1].map((id) => ({ id, hits: points({ ...body, limit: body.group_size }) })),
});
const each = (body: Body) => body.searches as Body[];
const update = () => ({ operation_id: 1, status: 'completed' });

const ANSWERS: [method: string, path: RegExp, result: (body: Body) => unknown][] = [
  ['POST', /\/points\/query$/, (body) => ({ points: points(body) })],
  ['POST', /\/points\/query\/batch$/, (body) => each(body).map((one) => ({ points: points(one) }))],
  ['POST', /\/points\/query\/groups$/, groups],
  ['POST', /\/points\/(search|recommend|discover)$/, points],
  ['POST', /\/points\/(search|recommend|discover)\/batch$/, (body) => each(body).map(points)],
  ['POST', /\/points\/(search|recommend)\/groups$/, groups],
  [
    'POST',
    /\/points\/scroll$/,
    (body) => ({ points: records(body, Number(body.limit)), next_page_offset: null }),
  ],
  ['POST', /\/points\/count$/, () => ({ count: 42 })],
  ['POST', /\/facet$/, () => ({ hits: [{ value: 'MARK-VALUE', count: 2 }] })],
  ['POST', /\/points\/batch/, (body) => (body.operations as unknown[]).map(update)],
  ['POST', /\/points$/, (body) => records(body, (body.ids as unknown[]).length)],
  ['POST', /\/points\/(delete|payload|vectors)/, update],
  ['PUT', /\/(points|index)/, update],
  ['GET', /\/collections$/, () => ({ collections: [{ name: 'one' }, { name: 'two' }] })],
  ['GET', /\/collections\/[^/]+\/exists$/, () => ({ exists: true })],
  [
    'GET',
    /\/collections\/[^/]+$/,
    () => ({ status: 'green', points_count: 7, segments_count: 1, config: {} }),
  ],
  ['PUT', /\/collections\/[^/]+$/, () => true],
  ['DELETE', /\/collections\/[^/]+$/, () => true],
];
