import type { CatalogRow } from './row';

export const requests: CatalogRow = {
  id: 'requests',
  title: 'node:http and node:https',
  aliases: ['http', 'https'],
  category: 'infrastructure',
  channels: ['http.server.request.start', 'http.client.request.start'],
  builtins: ['http', 'https'],
  startsWithModels: true,
  chunk: 'kit',
  scope: '@opentelemetry/instrumentation-http',
};
