import { type Answer, type Body, type Call, html, json, startProviderServer } from './provider-server';
import type { ProviderServer } from './provider-suite';

/**
 * Pinecone on loopback, written from its published API reference (2025-10): the control plane, one index and
 * inference at one address. Ids and models whose names say so misbehave.
 */
export const startPineconeProvider = (): Promise<ProviderServer> => startProviderServer(answer);

const USAGE = { readUnits: 5 };
const VALUES = [0.5, 0.25, 0.125];

const answer: Answer = (call) => {
  const { path, body, response } = call;
  const id = String(body.id ?? body.model ?? '');
  const misbehaviour = MISBEHAVIOURS[id.replace(/-?\d+$/, '')];
  if (misbehaviour) return misbehaviour(call, Number(/\d+$/.exec(id)?.[0]));
  for (const [pattern, make] of ANSWERS) {
    if (!pattern.test(path)) continue;
    return json(response, 200, make(body, call));
  }
  json(response, 404, { error: { code: 'NOT_FOUND', message: `MARK-ERROR ${path}` }, status: 404 });
};

const MISBEHAVIOURS: Record<string, (call: Call, status: number) => void> = {
  status: ({ response }, status) =>
    json(response, status, { error: { code: 'CODE', message: 'MARK-ERROR' }, status }),
  flaky: ({ attempt, response, body }) =>
    attempt === 1 ? json(response, 500, { message: 'MARK-ERROR' }) : json(response, 200, query(body)),
  'broken-json': ({ response }) => json(response, 200, '{"matches": ['),
  html: ({ response }) => html(response),
};

const match = (i: number, { includeMetadata, includeValues }: Body = {}) => ({
  id: `MARK-ID-${i}`,
  score: 1 - i / 8,
  ...(includeValues === true && { values: VALUES }),
  ...(includeMetadata === true && { metadata: { title: `MARK-TITLE ${i}`, embedding: VALUES } }),
});

const query = (body: Body) => ({
  matches: Array.from({ length: Number(body.topK) }, (_, i) => match(i, body)),
  namespace: body.namespace,
  usage: USAGE,
});

const vector = (id: string) => ({ id, values: VALUES, metadata: { title: 'MARK-TITLE' } });
const vectors = (ids: string[]) => Object.fromEntries(ids.map((id) => [id, vector(id)]));
const document = (i: number) => ({ _id: `MARK-ID-${i}`, text: 'MARK-DOCUMENT', embedding: VALUES });

const ANSWERS: [RegExp, (body: Body, call: Call) => unknown][] = [
  [
    /^\/indexes\/articles$/,
    (_, { url }) => ({
      name: 'articles',
      dimension: 3,
      metric: 'cosine',
      host: url,
      deletion_protection: 'disabled',
      spec: { serverless: { cloud: 'aws', region: 'us-east-1' } },
      status: { ready: true, state: 'Ready' },
      vector_type: 'dense',
    }),
  ],
  [/^\/query$/, query],
  [/^\/vectors\/upsert$/, (body) => ({ upsertedCount: (body.vectors as unknown[]).length })],
  [/^\/vectors\/update$/, () => ({})],
  [/^\/vectors\/delete$/, () => ({})],
  [
    /^\/vectors\/fetch_by_metadata/,
    () => ({ vectors: vectors(['MARK-ID-0']), namespace: 'n', usage: USAGE }),
  ],
  [
    /^\/vectors\/fetch/,
    (_, { path }) => ({
      vectors: vectors(new URL(path, 'http://x').searchParams.getAll('ids')),
      namespace: 'n',
      usage: USAGE,
    }),
  ],
  [
    /^\/vectors\/list/,
    () => ({ vectors: [{ id: 'MARK-ID-0' }, { id: 'MARK-ID-1' }], namespace: 'n', usage: USAGE }),
  ],
  [
    /^\/describe_index_stats$/,
    () => ({ namespaces: {}, dimension: 3, indexFullness: 0, totalVectorCount: 7 }),
  ],
  [/^\/records\/namespaces\/[^/]+\/upsert$/, () => ({})],
  [
    /^\/records\/namespaces\/[^/]+\/search$/,
    () => ({
      result: { hits: [{ _id: 'MARK-ID-0', _score: 0.75, fields: { chunk_text: 'MARK-DOCUMENT' } }] },
      usage: { read_units: 6, embed_total_tokens: 8, rerank_units: 1 },
    }),
  ],
  [
    /\/documents\/search$/,
    () => ({
      matches: [
        { ...document(0), _score: 0.75 },
        { ...document(1), _score: null },
      ],
      namespace: 'n',
      usage: { read_units: 2 },
    }),
  ],
  [/\/documents\/upsert$/, (body) => ({ upserted_count: (body.documents as unknown[]).length })],
  [
    /\/documents\/fetch$/,
    () => ({ documents: { 'MARK-ID-0': document(0) }, namespace: 'n', usage: { read_units: 1 } }),
  ],
  [/\/documents\/update$/, () => ({ matched_records: 1 })],
  [/\/documents\/delete$/, () => ({ matched_records: 1 })],
  [
    /\/documents\/list/,
    () => ({ documents: [{ _id: 'MARK-ID-0' }], namespace: 'n', usage: { read_units: 1 } }),
  ],
  [/\/documents$/, () => ({ documents: [{ _id: 'MARK-ID-0' }], namespace: 'n', usage: { read_units: 1 } })],
  [
    /^\/embed$/,
    (body) => ({
      model: body.model,
      vector_type: 'dense',
      data: (body.inputs as unknown[]).map(() => ({ vector_type: 'dense', values: VALUES })),
      usage: { total_tokens: 16 },
    }),
  ],
  [
    /^\/rerank$/,
    (body) => ({
      model: body.model,
      data: [1, 0].map((index) => ({
        index,
        score: 0.5 + index / 4,
        document: (body.documents as unknown[])[index],
      })),
      usage: { rerank_units: 1 },
    }),
  ],
];
