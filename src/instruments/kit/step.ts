import { safely } from '../../config/safely';
import { type Attributes, type Context, context, type Span, SpanKind, trace } from '../../telemetry/api';
import { followed } from '../../telemetry/follow';
import { isWithoutContent } from '../../telemetry/inherited';
import { abandoned } from '../../telemetry/open-calls';
import { telemetry } from '../../telemetry/telemetry';
import { recordError } from './record-error';
import { tracedIn } from './traced-method';
import type { Wrapper } from './wrap';

/** Something that is no model call but has model calls in it or beside it: a loop of calls and tools, one tool. */
export interface Step {
  readonly span: Span;
  /** What belongs to the step runs in here. */
  readonly context: Context;
  /** Whether what it is about may be recorded. */
  readonly content: boolean;
  /** Runs what belongs to the step with its span as the active one. */
  run<T>(fn: () => T): T;
  succeed(attributes?: Attributes): void;
  fail(error: unknown): void;
  /** Ends it when nobody can go on with `carrier` any more. */
  settleWith(carrier: object): void;
}

export interface StepOptions {
  instrument: string;
  name: string;
  /** By default internal. */
  kind?: SpanKind;
  /** By default what is active. */
  around?: Context;
  /** Asked whether content may be recorded. */
  attributes(content: boolean): Attributes;
}

export function startStep(options: StepOptions): Step {
  const { instrument, name, attributes, kind = SpanKind.INTERNAL, around = context.active() } = options;
  const running = telemetry();
  const content = running.config.traceContent && !isWithoutContent(around);
  const span = running
    .tracer(`respan.${instrument}`)
    .startSpan(
      name,
      { kind, attributes: safely('the attributes of a step', () => attributes(content)) ?? {} },
      around,
    );
  const inside = trace.setSpan(around, span);
  let ended = false;

  function end(finish: () => void): void {
    if (ended) return;
    ended = true;
    running.openCalls.delete(openStep);
    safely('the end of a step', finish);
    span.end();
  }

  const openStep = { settle: () => end(() => {}) };
  running.openCalls.add(openStep);
  return {
    span,
    context: inside,
    content,
    run: (fn) => context.with(inside, fn),
    succeed: (more) => end(() => more && span.setAttributes(more)),
    fail: (error) => end(() => recordError(span, error, content)),
    settleWith: (carrier) => abandoned.register(carrier, openStep.settle),
  };
}

/** Whether prompts and answers may be recorded. */
export const tracesContent = (): boolean => telemetry().config.traceContent;

export interface StepMethod<Kind> {
  where: string;
  /** Undefined where this call is none. */
  begin(args: unknown[], self: unknown): Kind | undefined;
  /** Ends the step, or follows what the answer goes on with. */
  onAnswer(step: Kind, answer: unknown): void;
}

/** A method that is a step, or another kind of span, whether it answers at once or with a promise. */
export function stepMethod<Kind extends Pick<Step, 'run' | 'fail'>>({
  where,
  begin,
  onAnswer,
}: StepMethod<Kind>): Wrapper {
  return tracedIn(where, begin, (step, result) => {
    if (result instanceof Promise) return followed(result, (answer) => onAnswer(step, answer), step.fail);
    onAnswer(step, result);
    return result;
  });
}
