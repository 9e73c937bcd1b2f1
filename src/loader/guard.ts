import { basename } from 'path';

/**
 * Programs that build, install or check an app but are not the app. Under NODE_OPTIONS they start many times
 * a minute (`npm start` starts npm first), and tracing them costs time and shows nothing.
 * RESPAN_FORCE=true traces them all the same.
 */
const TOOLS = new Set([
  ...['npm', 'npm-cli', 'npx', 'npx-cli', 'pnpm', 'pnpx', 'yarn', 'yarnpkg', 'corepack', 'node-gyp'],
  ...[
    'tsc',
    'tsserver',
    'eslint',
    'prettier',
    'biome',
    'esbuild',
    'rollup',
    'webpack',
    'tsup',
    'turbo',
    'nx',
  ],
  ...['lerna', 'husky', 'lint-staged', 'node-pre-gyp', 'prebuild-install', 'concurrently'],
  ...['npm-run-all', 'run-s', 'run-p', 'cross-env', 'dotenv', 'dotenvx', 'env-cmd', 'respan'],
  // Each starts the app as a process of its own.
  ...['nodemon', 'nest', 'ts-node-dev', 'tsnd', 'pm2', 'pm2-runtime', 'pm2-docker', 'pm2-dev'],
]);

/** What pm2 leaves behind to look after the apps. */
const PM2_DAEMON = /[\\/]pm2[^\\/]*[\\/]lib[\\/]Daemon\.js$/;

/** Tools that both build and serve: only the building commands are left alone. */
const BUILDERS: Record<string, string[]> = {
  next: ['build', 'lint', 'telemetry', 'info'],
  vite: ['build', 'optimize'],
  nuxt: ['build', 'prepare', 'typecheck'],
};

/** `next build` has processes of its own for the pages; the same file serves them in older releases. */
const NEXT_WORKER = /[\\/]next[\\/]dist[\\/]compiled[\\/]jest-worker[\\/]processChild\.js$/;

/** Why this process is not to be traced, or undefined when it is. Costs a few string comparisons. */
export function skipReason(
  argv: readonly string[],
  force: boolean,
  variable: (name: string) => string | undefined,
): string | undefined {
  if (force) return undefined;
  if (argv[1] && isOwnCommandLine(argv[1])) return 'the respan command line';
  if (argv[1] && PM2_DAEMON.test(argv[1])) return 'the daemon of pm2 is a tool, not the app';
  if (argv[1] && NEXT_WORKER.test(argv[1]) && variable('NEXT_PHASE') === 'phase-production-build') {
    return 'next build builds the app';
  }
  const program = programName(argv[1]);
  if (program === undefined) return undefined;
  if (TOOLS.has(program)) return `${program} is a tool, not the app`;
  if (BUILDERS[program]?.includes(argv[2] ?? '')) return `${program} ${argv[2]} builds the app`;
  return undefined;
}

/** Started by its file, as the launchers of Windows and pnpm do; as `respan` it is one of the tools. */
function isOwnCommandLine(entry: string): boolean {
  if (!/[\\/]cli\.js$/.test(entry)) return false;
  const folder = entry.slice(0, -'/cli.js'.length);
  return folder === __dirname || /[\\/]node_modules[\\/]respan[\\/]dist$/.test(folder);
}

function programName(entry: string | undefined): string | undefined {
  if (!entry) return undefined;
  const name = basename(entry).replace(/\.(js|cjs|mjs)$/, '');
  // yarn ships as yarn-4.9.1.cjs, pnpm's launcher lives in pnpm/bin/pnpm.cjs. A bare `node cli.js` of an app
  // that happens to be called `dotenv.js` is an app: only what sits in a package, or right in a bin folder, is a tool.
  const tool = name.replace(/-\d+(\.\d+)*$/, '');
  const installed = /[\\/](node_modules|\.yarn|corepack|shims)[\\/]|[\\/]bin[\\/][^\\/]*$/.test(entry);
  return installed ? tool : undefined;
}
