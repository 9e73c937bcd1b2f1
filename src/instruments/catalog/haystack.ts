import type { CatalogRow } from './row';

export const haystack: CatalogRow = {
  id: 'haystack',
  title: 'Haystack (Hayhooks, deepset Cloud)',
  aliases: ['hayhooks', 'deepset'],
  category: 'framework',
  httpPaths: /\/(?:run|chat|search|chat\/completions|responses)(?:-stream)?$/.source,
  chunk: 'instrument-haystack',
};
