import type { CatalogRow } from './row';

/** The main thread's and the worker's side of a pool. */
const POOL = ['WorkerInfo'];
const WORKER = ['onMessage'];
/** What it hears messages with. */
const CHILD = ['messageListener'];

export const threading: CatalogRow = {
  id: 'threading',
  title: 'context across async code, threads and processes',
  category: 'infrastructure',
  builtins: ['worker_threads'],
  channels: ['child_process', 'worker_threads'],
  packages: [
    {
      name: 'undici',
      tested: { from: '5.0.0', below: '9.0.0' },
      files: {
        'lib/dispatcher-base': ['DispatcherBase'],
        'lib/pool-base': ['PoolBase'],
        'lib/dispatcher/dispatcher-base': ['DispatcherBase'],
        'lib/dispatcher/pool-base': ['PoolBase'],
      },
    },
    {
      name: 'piscina',
      tested: { from: '3.0.0', below: '6.0.0' },
      replacesFunctions: true,
      files: {
        'dist/src/index': POOL,
        'dist/src/worker': WORKER,
        'dist/index': POOL,
        'dist/worker_pool/index': POOL,
        'dist/worker': WORKER,
      },
    },
    {
      name: 'tinypool',
      tested: { from: '0.1.0', below: '3.0.0' },
      replacesFunctions: true,
      files: {
        'dist/esm/index': POOL,
        'dist/esm/worker': WORKER,
        'dist/esm/entry/worker': WORKER,
        'dist/esm/entry/process': WORKER,
        'dist/index': POOL,
        'dist/entry/worker': WORKER,
        'dist/entry/process': WORKER,
      },
    },
    {
      name: 'workerpool',
      tested: { from: '6.0.0', below: '11.0.0' },
      files: { 'src/Pool': ['Pool'], 'src/WorkerHandler': ['WorkerHandler'], 'src/worker': ['worker'] },
    },
    {
      name: 'jest-worker',
      tested: { from: '27.0.0', below: '31.0.0' },
      files: {
        'build/index': ['Worker'],
        'build/threadChild': CHILD,
        'build/processChild': CHILD,
        'build/workers/threadChild': CHILD,
        'build/workers/processChild': CHILD,
      },
    },
  ],
  chunk: 'instrument-threading',
};
