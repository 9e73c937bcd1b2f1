import { safely } from '../../config/safely';
import { type Attributes, context, SpanKind, trace } from '../../telemetry/api';
import { beforeExport } from '../../telemetry/before-export';
import { type CallInProgress, callInProgress, enterCall } from '../../telemetry/model-call-context';
import { abandoned } from '../../telemetry/open-calls';
import { sayWhoElseTraces } from '../../telemetry/other-tracers';
import { telemetry } from '../../telemetry/telemetry';
import { ATTR } from '../genai/attributes';
import { addCost } from '../genai/cost-step';
import { requestAttributes, responseAttributes } from '../genai/to-attributes';
import type { ModelRequest, ModelResponse } from '../genai/types';
import { type RequestOnItsWay, startAround } from './http-spans';
import { recordError } from './record-error';

/**
 * The life of one model call's span: started before the library sends anything, ended exactly once, whatever
 * way the call ends. Everything after the end is ignored.
 */
export interface ModelCall {
  /** Runs the library's own code with the span as the active one, so that its HTTP request becomes a child. */
  run<T>(fn: () => T): T;
  /** A chunk of the answer came; the first one gives the time to first chunk. */
  chunk(): void;
  /** The call ended well (or as well as it will); undefined where nothing is known of the answer. */
  succeed(response?: ModelResponse): void;
  /** The call ended with `error`; `partial` is what had come until then. */
  fail(error: unknown, partial?: ModelResponse, endTime?: number): void;
  /** The call was over at a time of its own. */
  end(known: () => Known): void;
  /**
   * What is known, should nobody ever end the call: the process ends first, or the object through which the app
   * could have gone on (a promise, a stream) is collected. `watched` is that object; the last one counts.
   * `known` must not refer to it.
   */
  otherwise(known: () => Known, watched?: object): void;
}

export interface Known {
  response?: ModelResponse;
  /** When the call was really over, by performance.now(). */
  endTime?: number;
  /** What the answer has told that went wrong. */
  failure?: { error: unknown } | undefined;
}

// Prices are looked up when spans leave, not while a call is made.
beforeExport(addCost);

export interface ModelCallOptions {
  /** The instrument's id, also its scope: `respan.openai`. */
  instrument: string;
  /** `<provider>.<operation>`, as the platform knows it: `openai.chat`. */
  name: string;
  request: Partial<ModelRequest>;
  /**
   * A framework's, which may well call a client library that is traced as well: then the tokens are that one's, so that
   * they are counted once.
   */
  isFramework?: boolean;
  /** A framework's that knows all that its requests could tell: known by those alone, the call is not told again. */
  isWhole?: boolean;
  /** A call that is only recognised once its HTTP request is on its way. */
  since?: RequestOnItsWay;
}

export function startModelCall({
  instrument,
  name,
  request,
  isFramework,
  isWhole,
  since,
}: ModelCallOptions): ModelCall {
  const running = telemetry();
  safely('other tracers', sayWhoElseTraces);
  const content = running.config.traceContent;
  const options = { kind: SpanKind.CLIENT, attributes: requestAttributes(request, content) };
  const tracer = running.tracer(`respan.${instrument}`);
  const span = since ? startAround(since, tracer, name, options) : tracer.startSpan(name, options);
  const around = callInProgress(since?.context ?? context.active());
  if (around) around.hasInner = true;
  const self: CallInProgress = { id: instrument, hasInner: false, isOutline: isFramework && !isWhole };
  const inside = enterCall(trace.setSpan(context.active(), span), self);
  const started = since?.time ?? performance.now();
  let ended = false;
  let sawChunk = false;
  let hasNews = false;
  let known: () => Known = () => ({});
  let watches = 0;

  function end(response: ModelResponse | undefined, finish: () => void, endTime?: number): void {
    if (ended) return;
    ended = true;
    running.openCalls.delete(openCall);
    safely('the response attributes', () => {
      if (response) span.setAttributes(attributesOf(response));
      if (content) for (const { name, attributes } of response?.events ?? []) span.addEvent(name, attributes);
    });
    safely('the end of a call', finish);
    span.end(endTime);
  }

  function attributesOf(response: ModelResponse): Attributes {
    return responseAttributes(isFramework && self.hasInner ? withoutUsage(response) : response, content);
  }

  function endWith(answer: () => Known): void {
    if (ended) return;
    const { response, endTime, failure } = safely('an open call', answer) ?? {};
    end(response, () => failure && recordError(span, failure.error, content), endTime);
  }

  const openCall = {
    settle: () => endWith(known),
    peek() {
      if (!hasNews) return undefined;
      hasNews = false;
      const { response } = known();
      return response && { spanId: span.spanContext().spanId, attributes: attributesOf(response) };
    },
  };
  running.openCalls.add(openCall);

  return {
    run: (fn) => context.with(inside, fn),
    chunk() {
      hasNews = true;
      if (sawChunk || ended) return;
      sawChunk = true;
      span.setAttribute(ATTR.timeToFirstChunk, (performance.now() - started) / 1000);
    },
    succeed: (response) => end(response, () => {}),
    fail: (error, partial, endTime) => end(partial, () => recordError(span, error, content), endTime),
    end: endWith,
    otherwise(answer, watched) {
      if (ended) return;
      known = answer;
      const watch = ++watches;
      if (watched) abandoned.register(watched, () => void (watch === watches && openCall.settle()));
    },
  };
}

function withoutUsage({ usage: _, ...rest }: ModelResponse): ModelResponse {
  return rest;
}
