import type { CatalogRow } from './row';

export const urllib3: CatalogRow = {
  id: 'urllib3',
  title: 'fetch and undici',
  aliases: ['undici', 'fetch'],
  category: 'infrastructure',
  channels: ['undici:request:create'],
  chunk: 'instrument-undici',
  scope: '@opentelemetry/instrumentation-undici',
};
