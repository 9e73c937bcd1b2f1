import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { createContext, Script } from 'vm';
import type { Redaction } from '../../config/explicit-options';
import { log } from '../../config/log';
import { NO_CONTENT } from '../../config/settings';
import { mapTexts } from '../map-texts';
import type { SpanStep } from '../pipeline';
import { isStructure, removeTexts } from '../remove-texts';
import { PATTERNS } from './patterns';
import { createRedactor } from './redactor';

/** For the user's own patterns, of which one may take for ever: a span of ordinary size takes a thousandth of it. */
const TIMEOUT_MILLIS = 250;

/**
 * RESPAN_REDACT and the option of the same name. Fails closed: whatever goes wrong, the span leaves without content.
 */
export function createRedactionStep(redactions: readonly Redaction[]): SpanStep {
  if (redactions.includes(NO_CONTENT)) return removeTexts;
  const redact = createRedactor(redactions);
  const redactSpan = (span: ReadableSpan): void =>
    mapTexts(span, (text, name) => (isStructure(name) ? text : redact(text, name)));
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
