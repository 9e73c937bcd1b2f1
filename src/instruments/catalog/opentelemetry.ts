import type { CatalogRow } from './row';

export const opentelemetry: CatalogRow = {
  id: 'opentelemetry',
  title: 'OpenTelemetry API',
  aliases: ['otel'],
  category: 'infrastructure',
  packages: [
    {
      name: '@opentelemetry/api',
      tested: { from: '1.0.0', below: '1.11.0' },
      files: {
        'build/src/index': ['trace', 'context'],
        'build/esm/index': ['trace', 'context'],
        'build/esnext/index': ['trace', 'context'],
        'dist/index': ['trace', 'context'],
      },
    },
  ],
  chunk: 'kit',
};
