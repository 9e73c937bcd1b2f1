import { promises } from 'fs';
import { Module, syncBuiltinESMExports } from 'module';
import { env, execArgv } from 'process';
import { safely } from '../config/safely';
import { footerFor, sourceText, targetOfUrl } from './footer';
import { withOwnName } from './own-name-source';
import { isOfNoInterest, isPassedOver, type Target, type TargetIndex } from './targets';
import { installThreadHooks } from './thread-hooks';

/**
 * Node 20: its ES module loader reads every source with `fs.promises.readFile(url)`, looked up at the time of
 * the call (20.6 to 20.20.2, the last one). Adding the footer there needs no loader thread, which costs 30 to 40
 * ms at start and as much again for every hundred modules. Only where a thread exists anyhow (tsx, another
 * tracer) are modules read there instead, and ours joins it.
 */
export function installReadHooks(index: TargetIndex): void {
  hookRead(index);
  if (hasLoaderThread()) {
    installThreadHooks(index);
    return;
  }
  const host = Module as unknown as RegisterHost;
  const { register } = host;
  let joined = false;
  const joining: Register = function (this: unknown, ...args) {
    if (!joined) {
      joined = true;
      safely('the loader thread', () => installThreadHooks(index, register));
    }
    return register.apply(this, args);
  };
  Object.defineProperties(joining, Object.getOwnPropertyDescriptors(register));
  host.register = joining;
  syncBuiltinESMExports();
}

type Register = (...args: unknown[]) => unknown;
interface RegisterHost {
  register: Register;
}

function hookRead(index: TargetIndex): void {
  type ReadFile = (this: unknown, path: unknown, ...rest: unknown[]) => Promise<unknown>;
  const holder = promises as unknown as { readFile: ReadFile };
  const { readFile } = holder;
  const reading: ReadFile = function (this: unknown, path, ...rest) {
    const result = readFile.call(this, path, ...rest);
    // The loader passes a URL and nothing else, and calls the function bare.
    if (this !== undefined || rest.length > 0 || !(path instanceof URL)) return result;
    const { href } = path;
    if (isPassedOver(index, href) || safely('module hook', () => isOfNoInterest(index, href))) return result;
    if (!path.pathname.includes('/node_modules/')) {
      return result.then((source) => safely('module hook', () => renamed(source, href)) ?? source);
    }
    const target = safely('module hook', () => targetOfUrl(index, href));
    if (!target || target.names.length === 0) return result;
    return result.then((source) => safely('module hook', () => appended(source, target, href)) ?? source);
  };
  Object.defineProperties(reading, Object.getOwnPropertyDescriptors(readFile));
  Object.setPrototypeOf(reading, Object.getPrototypeOf(readFile));
  holder.readFile = reading;
}

/** Node also reads `.js` files of undeclared kind here, only to look at their syntax: a footer tells nothing of it. */
function appended(source: unknown, target: Target, url: string): unknown {
  const text = sourceText(source);
  return Buffer.from(text + footerFor(target, url, text));
}

function renamed(source: unknown, url: string): unknown {
  const text = withOwnName(source, url, __dirname);
  return text === undefined ? source : Buffer.from(text);
}

/** Whether there is a loader thread already, or one is coming (`--loader`: Yarn PnP, ts-node/esm). */
function hasLoaderThread(): boolean {
  const flags = `${execArgv.join(' ')} ${env.NODE_OPTIONS ?? ''}`;
  if (/(^|\s)--(experimental-)?loader\b/.test(flags)) return true;
  // Node loads this part of itself with module.register, and only then.
  const { moduleLoadList = [] } = process as unknown as { moduleLoadList?: string[] };
  return moduleLoadList.includes('NativeModule internal/modules/esm/hooks');
}
