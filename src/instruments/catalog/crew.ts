import type { CatalogRow } from './row';

export const crew: CatalogRow = {
  id: 'crew',
  title: 'CrewAI',
  aliases: ['crewai'],
  category: 'framework',
  httpPaths: /\/kickoff$|\/status(?:\/|$)/.source,
  chunk: 'instrument-crew',
};
