import { pathToFileURL } from 'url';
import { log } from '../config/log';
import { fromStart } from '../config/start-folder';
import type { SpanStep } from './pipeline';
import { removeTexts } from './remove-texts';

export interface Postprocess {
  step: SpanStep;
  /** Settles when the callback is there, where it could not be loaded at once. Never rejects. */
  ready?: Promise<void>;
}

/** Node before 20.19 cannot require an ES module, and none can require one with top-level await. */
const NEEDS_IMPORT = ['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'];

/**
 * RESPAN_SPAN_POSTPROCESS: a module, relative to the directory the process was started in, whose default export is called with
 * each finished span. It may be what keeps personal data in, so wherever it fails, the span goes out without
 * content.
 */
export function loadPostprocess(file: string | undefined): Postprocess | undefined {
  if (!file) return undefined;
  const path = fromStart(file);
  let step: SpanStep = removeTexts;
  const use = (exported: unknown) => {
    const callback = callbackOf(exported);
    if (callback) step = carefully(callback, file);
    else warn(file, 'has no function as its default export');
  };
  const refuse = (error: unknown) => warn(file, `could not be loaded (${reasonOf(error)})`);
  try {
    use(require(path));
  } catch (error) {
    if (NEEDS_IMPORT.includes((error as NodeJS.ErrnoException | null)?.code ?? '')) {
      const ready = import(pathToFileURL(path).href).then(use).catch(refuse);
      return { step: (span) => step(span), ready };
    }
    refuse(error);
  }
  return { step };
}

/** The same for a function that code passes. */
export function postprocessWith(callback: (span: never) => unknown): Postprocess {
  return { step: carefully(callback as (span: unknown) => unknown, undefined) };
}

/** A module made by a compiler for `require` has its default export one level further down. */
function callbackOf(exported: unknown): ((span: unknown) => unknown) | undefined {
  const inner = (value: unknown) => (value as { default?: unknown } | null | undefined)?.default;
  return [exported, inner(exported), inner(inner(exported))].find((value) => typeof value === 'function') as
    | ((span: unknown) => unknown)
    | undefined;
}

function carefully(callback: (span: unknown) => unknown, file: string | undefined): SpanStep {
  return (span) => {
    try {
      const result = callback(span);
      if (typeof (result as PromiseLike<unknown> | undefined)?.then !== 'function') return;
      // Its rejection is ours to handle, or it would end the app.
      (result as PromiseLike<unknown>).then(undefined, () => {});
      warn(file, 'returned a promise, for which a span cannot wait');
    } catch (error) {
      warn(file, `threw (${reasonOf(error)})`);
    }
    removeTexts(span);
  };
}

function reasonOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}

let warned = false;

function warn(file: string | undefined, what: string): void {
  if (warned) return;
  warned = true;
  const source =
    file === undefined ? 'spanPostprocessCallback' : `RESPAN_SPAN_POSTPROCESS=${JSON.stringify(file)}`;
  log.warn(`${source} ${what}; such spans are exported without content`);
}
