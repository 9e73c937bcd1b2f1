import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { createContext, Script } from 'vm';
import type { Redaction } from '../../config/explicit-options';
import { log } from '../../config/log';
import { NO_CONTENT } from '../../config/settings';
import { removeContent } from '../content-policy';
import { mapTexts } from '../map-texts';
import type { SpanStep } from '../pipeline';
import { PATTERNS } from './patterns';
import { createRedactor } from './redactor';

/** What decides where a span goes, and is made of names that code has. */
const STRUCTURE =
  /^(respan\.(processors|export_filter|entity\.log_(type|method))|traceloop\.span\.kind|gen_ai\.(operation|provider)\.name)$/;

/** For the user's own patterns, of which one may take for ever: a span of ordinary size takes a thousandth of it. */
const TIMEOUT_MILLIS = 250;

/**
 * RESPAN_REDACT and the option of the same name. Fails closed: whatever goes wrong, the span leaves without content.
 */
export function createRedactionStep(redactions: readonly Redaction[]): SpanStep {
  if (redactions.includes(NO_CONTENT)) return removeTexts;
  const redact = createRedactor(redactions);
  const redactSpan = (span: ReadableSpan): void =>
    mapTexts(span, (text, name) => (name !== undefined && STRUCTURE.test(name) ? text : redact(text, name)));
  const isBuiltIn = (redaction: Redaction) =>
    typeof redaction === 'string' && Object.hasOwn(PATTERNS, redaction);
  const step = redactions.every(isBuiltIn) ? redactSpan : inTime(redactSpan);
  let isOver = false;
  return (span) => {
    if (isOver) return removeTexts(span);
    try {
      step(span);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      isOver = code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      log.onceAs(
        'redaction',
        'warn',
        isOver
          ? `a pattern of RESPAN_REDACT takes too long (over ${TIMEOUT_MILLIS} ms for one span); from now on spans are exported without content`
          : `a redaction failed (${message}); such spans are exported without content`,
      );
      removeTexts(span);
    }
  };
}

/** Names of models, hosts, operations: nobody writes about anybody in these, and numbers of persons are longer. */
const isIdentifier = (text: string): boolean => /^[\w.:/-]{1,80}$/.test(text) && !/\d{7}/.test(text);

/** What nobody has looked into stays in, wherever it stands, also where content is not expected. */
function removeTexts(span: ReadableSpan): void {
  removeContent(span);
  mapTexts(span, (text, name) =>
    isIdentifier(text) || (name !== undefined && STRUCTURE.test(name)) ? text : '[redacted]',
  );
}

/** V8 stops what runs in a script with a time limit, also in the middle of a regular expression. */
function inTime(run: (span: ReadableSpan) => void): SpanStep {
  const sandbox: { run?: () => void } = {};
  const context = createContext(sandbox);
  const script = new Script('run()');
  return (span) => {
    sandbox.run = () => run(span);
    try {
      script.runInContext(context, { timeout: TIMEOUT_MILLIS });
    } finally {
      delete sandbox.run;
    }
  };
}
