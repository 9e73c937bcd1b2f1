import { isAbsolute, resolve } from 'path';
import { pathToFileURL } from 'url';
import { log } from '../config/log';
import type { SpanStep } from './pipeline';

export interface Postprocess {
  step: SpanStep;
  /** Settles when the callback is there, where it could not be loaded at once. Never rejects. */
  ready?: Promise<void>;
}

/** Node before 20.19 cannot require an ES module, and none can require one with top-level await. */
const NEEDS_IMPORT = ['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'];

/**
 * RESPAN_SPAN_POSTPROCESS: a module, relative to the working directory, whose default export is called with
 * each finished span. Answers undefined (and warns) where there is no such function.
 */
export function loadPostprocess(file: string | undefined): Postprocess | undefined {
  if (!file) return undefined;
  const path = isAbsolute(file) ? file : resolve(file);
  let callback: SpanStep | undefined;
  const use = (exported: unknown) => {
    callback = callbackOf(exported, file);
  };
  const refuse = (error: unknown) => {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    warn(file, `could not be loaded (${reason})`);
  };
  try {
    use(require(path));
    return callback && { step: callback };
  } catch (error) {
    if (!NEEDS_IMPORT.includes((error as NodeJS.ErrnoException).code ?? '')) {
      refuse(error);
      return undefined;
    }
    const ready = import(pathToFileURL(path).href).then(use).catch(refuse);
    return { step: (span) => callback?.(span), ready };
  }
}

function callbackOf(exported: unknown, file: string): SpanStep | undefined {
  const callback = (exported as { default?: unknown } | null)?.default ?? exported;
  if (typeof callback === 'function') return callback as SpanStep;
  warn(file, 'has no function as its default export');
  return undefined;
}

function warn(file: string, what: string): void {
  log.once('warn', `RESPAN_SPAN_POSTPROCESS=${JSON.stringify(file)} ${what}; spans are not post-processed`);
}
