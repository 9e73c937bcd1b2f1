import type { CatalogRow } from './row';

export const alephalpha: CatalogRow = {
  id: 'alephalpha',
  title: 'Aleph Alpha',
  aliases: ['aleph_alpha'],
  category: 'model',
  httpPaths: /\/(?:complete|embed|(?:batch_)?semantic_embed|instructable_embed|chat\/completions|embeddings)$/
    .source,
  chunk: 'instrument-alephalpha',
};
