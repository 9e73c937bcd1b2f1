import type { CatalogRow } from './row';

/** Version 1 is CommonJS; version 2 is ES modules alone, in a folder. */
const mistralFiles: Record<string, string[]> = Object.fromEntries(
  ['', 'esm/'].flatMap((folder) => [
    ...['Chat', 'Agents', 'Fim', 'Embeddings', 'Classifiers', 'Ocr', 'Conversations'].map((name) => [
      `${folder}sdk/${name.toLowerCase()}`,
      [name],
    ]),
    [`${folder}lib/sdks`, ['ClientSDK']],
    [`${folder}lib/event-streams`, ['EventStream']],
    [`${folder}extra/observability/provider`, ['getRegisteredTracerProvider']],
  ]),
);

export const mistral: CatalogRow = {
  id: 'mistral',
  title: 'Mistral',
  aliases: ['mistralai'],
  category: 'model',
  packages: [
    { name: '@mistralai/mistralai', tested: { from: '1.3.6', below: '3.0.0' }, files: mistralFiles },
    { name: '@mistralai/mistralai-azure', tested: { from: '2.0.0', below: '3.0.0' }, files: mistralFiles },
    { name: '@mistralai/mistralai-gcp', tested: { from: '2.0.0', below: '3.0.0' }, files: mistralFiles },
  ],
  chunk: 'kit',
};
