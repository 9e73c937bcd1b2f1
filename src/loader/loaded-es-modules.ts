import { readFileSync } from 'fs';
import { Module as NodeModule } from 'module';
import { fileURLToPath } from 'url';
import { log } from '../config/log';
import { safely } from '../config/safely';
import { targetOfUrl } from './footer';
import type { Loader } from './start-in-code';
import type { Target } from './targets';

interface LoadingModule {
  filename: string;
  exports: unknown;
  _compile(source: string, file: string, format: 'module'): void;
}

const Module = NodeModule as unknown as {
  new (id: string): LoadingModule;
};

/**
 * Where tracing starts in code, the imports of an ES module app have run before its first statement. Their names are
 * kept by no list an app can read, but V8 tells a debugger of every script it has: one is attached for the moment, and
 * the modules found are asked for once more, which answers with the very ones that are there. Costs some 30 ms,
 * and only where the preload was not used.
 */
export function patchLoadedEsModules(loader: Loader): void {
  for (const { url, target } of loadedTargets(loader)) {
    safely('a loaded ES module', () => patchLoaded(loader, url, target));
  }
}

function patchLoaded(loader: Loader, url: string, target: Target): void {
  const use = (exports: unknown) => {
    log.once(
      'debug',
      `${target.package} was loaded as an ES module before tracing started; its classes are patched now`,
    );
    loader.patch(target, exports);
  };
  const canRequire = (process.features as { require_module?: boolean }).require_module === true;
  if (canRequire) {
    try {
      use(exportsOf(fileURLToPath(url)));
      return;
    } catch {
      // A module that waits at its top level cannot be required.
    }
  }
  // Node before 20.19: found a moment later, so the app's calls of this very tick are missed.
  import(url).then(use).catch(() => {});
}

/**
 * What `require` does with an ES module, without the handlers of file extensions: those of tsx and other transpilers make
 * a second, CommonJS copy of it, whose classes nobody uses.
 */
function exportsOf(file: string): unknown {
  const module = new Module(file);
  module.filename = file;
  // The source matters only where the module turns out not to be loaded after all.
  module._compile(readFileSync(file, 'utf8'), file, 'module');
  return module.exports;
}

interface ScriptParsed {
  params: { url: string; isModule?: boolean };
}

function loadedTargets({ index }: Loader): { url: string; target: Target }[] {
  const found: { url: string; target: Target }[] = [];
  safely('the list of ES modules', () => {
    const { Session } = require('inspector') as typeof import('inspector');
    const session = new Session();
    session.connect();
    session.on('Debugger.scriptParsed', ({ params: { url, isModule } }: ScriptParsed) => {
      if (!isModule || url.includes('?')) return;
      const target = targetOfUrl(index, url);
      if (target && target.names.length > 0) found.push({ url, target });
    });
    session.post('Debugger.enable');
    session.post('Debugger.disable');
    session.disconnect();
  });
  return found;
}
