import type { CatalogRow } from './row';

export const threading: CatalogRow = {
  id: 'threading',
  title: 'context across async code',
  category: 'infrastructure',
};
