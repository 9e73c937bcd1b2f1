import { AsyncResource } from 'async_hooks';
import { Module } from 'module';
import { argv } from 'process';
import { environment, readDotenv, readHandedOver } from '../config/environment';
import type { ExplicitOptions } from '../config/explicit-options';
import { log, setLogLevel } from '../config/log';
import { moduleCache } from '../config/module-cache';
import { safely } from '../config/safely';
import { publish, reserveGlobalOfApi, shared } from '../config/shared';
import { type StartSettings, startSettings } from '../config/start-settings';
import { tellingPaths } from '../instruments/catalog';
import type { CatalogRow } from '../instruments/catalog/row';
import { installCommonJsHook } from './commonjs-hook';
import { offerGlobally } from './global-client';
import { skipReason } from './guard';
import { hookMode } from './hook-mode';
import { Instruments } from './instruments';
import { installOwnName } from './own-name';
import { createPatcher } from './patcher';
import { watchRequests } from './requests';
import { selectRows } from './select';
import type { Loader } from './start-in-code';
import { libraryStatus } from './status';
import { installSyncHooks } from './sync-hooks';
import { buildTargetIndex, extendTargetIndex, findTarget, type Target } from './targets';

type OlderHooks = typeof import('./older-hooks') & typeof import('./thread-hooks');

declare const __VERSION__: string;
/** Of the bundled OpenTelemetry API. */
declare const __API_VERSION__: string;

/**
 * The preload: reads the settings and installs the hooks, once a process whatever the number of preloads and
 * copies. Loads no SDK, no instrument and no library. Never throws.
 */
export function install(): void {
  safely('the preload', () => {
    readHandedOver();
    const running = shared();
    if (running) {
      setLogLevel(startSettings(environment).config.logLevel);
      log.debug(`already running (version ${running.version}); this copy (${__VERSION__}) stays out`);
      return;
    }
    const isForced = environment.get('RESPAN_FORCE')?.toLowerCase() === 'true';
    const reason = skipReason(argv, isForced, (name) => environment.get(name));
    if (reason) return;
    if (!start()) log.debug('disabled by RESPAN_ENABLED or OTEL_SDK_DISABLED');
    else {
      shared()!.isPreloaded = true;
      offerGlobally();
      installOwnName();
    }
  });
}

/**
 * Installs the hooks with the settings as they are; false where they say that nothing is to be traced. `options` is
 * what code has said, where it is code that starts.
 */
export function start(options?: ExplicitOptions): boolean {
  const dotenvWarning = readDotenv();
  const { config, warnings } = startSettings(environment, options?.settings);
  setLogLevel(config.logLevel);
  if (!config.isEnabled) return false;
  const { rows, warnings: unknown } = selectRows(config);
  for (const warning of [dotenvWarning, ...warnings, ...unknown]) if (warning) log.once('warn', warning);
  installHooks(rows, config, options);
  return true;
}

function installHooks(rows: CatalogRow[], config: StartSettings, options?: ExplicitOptions): void {
  const index = buildTargetIndex(rows, tellingPaths);
  const hasRegisterHooks = typeof (Module as { registerHooks?: unknown }).registerHooks === 'function';
  const mode = hookMode(process.version, hasRegisterHooks);
  const instruments = new Instruments(rows, {
    // Other hooks do not see builtins.
    isLoaded: (name) => mode !== 'sync' || isBuiltinLoaded(name),
    hasModels: (warmUp) => (require('./warm-up') as typeof import('./warm-up')).warmUp(warmUp),
  });
  const patch = createPatcher(instruments);
  reserveGlobalOfApi(__API_VERSION__);
  publish({
    version: __VERSION__,
    instruments: rows.map(({ id }) => id),
    moduleLoaded: (target, exports, commonJs, replace) =>
      void safely('module hook', () => patch(target as Target, exports, commonJs, replace)),
    status: libraryStatus,
    builtinLoaded: (name) => instruments.builtinLoaded(name),
    // As AsyncLocalStorage.snapshot has it, without the code of AsyncLocalStorage.
    outside: AsyncResource.bind(<T>(fn: () => T) => fn()) as <T>(fn: () => T) => T,
    options,
    configure: (given) => void safely('RespanTelemetry', () => inCodeLoader().configure(loader, given)),
    inCode: () => (require('../telemetry/in-code') as typeof import('../telemetry/in-code')).inCode,
  });

  if (mode === 'sync') {
    installCommonJsHook(index, patchCommonJs);
    installSyncHooks(index, (name) => instruments.builtinLoaded(name));
  } else {
    olderHooks().installOlderHooks(mode, index, patchCommonJs);
  }
  // First: a subscriber that leaves while it is told makes Node 20.6 pass over the next one.
  watchRequests(rows, instruments, config.blockInstruments);
  instruments.listen();
  if (environment.get('AWS_LAMBDA_RUNTIME_API')) {
    (require('./lambda') as typeof import('./lambda')).exportBeforeFreeze();
  }
  const loader: Loader = {
    instruments,
    patch,
    index,
    extendIndex(added) {
      extendTargetIndex(index, added);
      // That thread has an index of its own.
      if (mode === 'thread') olderHooks().installThreadHooks(buildTargetIndex(added, tellingPaths));
    },
    patchLoaded,
  };
  patchLoaded();
  if (options) inCodeLoader().finishStart(loader, options);
  const blocked =
    config.blockInstruments.length > 0 ? `, blocked: ${config.blockInstruments.join(', ')}` : '';
  log.debug(
    `version ${__VERSION__}, Node ${process.version}, ${mode} hooks, instruments: ${rows.map(({ id }) => id).join(', ') || 'none'}${blocked}`,
  );

  /** What another preload loaded before us: prototypes can still be patched, and it is said. */
  function patchLoaded(): void {
    for (const [filename, module] of Object.entries(moduleCache)) {
      const target = findTarget(index, filename);
      if (!target || !module?.loaded) continue;
      log.debug(`${target.package} was loaded before the preload; its classes are patched now`);
      patchCommonJs(target, module.exports, (exports) => {
        module.exports = exports;
      });
    }
  }

  function patchCommonJs(target: Target, exports: unknown, replace?: (exports: unknown) => void): void {
    patch(target, exports, undefined, replace);
  }
}

/** As Node keeps a list of them; without it, each may be. */
function isBuiltinLoaded(name: string): boolean {
  const { moduleLoadList } = process as { moduleLoadList?: string[] };
  return moduleLoadList?.includes(`NativeModule ${name}`) ?? true;
}

/** What newer Nodes do not read. */
function olderHooks(): OlderHooks {
  return require('./older-hooks') as OlderHooks;
}

/** Most processes never run it. */
function inCodeLoader(): typeof import('./start-in-code') {
  return require('./start-in-code') as typeof import('./start-in-code');
}
