import { safely } from '../../config/safely';
import { context } from '../../telemetry/api';
import { followed } from '../../telemetry/follow';
import { ATTR } from '../genai/attributes';
import { asDict, asNumber, asString, type Dict } from '../genai/read';
import type { ModelResponse } from '../genai/types';

const EXCHANGE = Symbol('respan: exchange with an AWS service');

/** What the requests of one call were: where they went, how many it took, and the headers of the last answer. */
export class Exchange {
  headers: Dict = {};
  #attempts = 0;
  #host: string | undefined;
  #port: number | undefined;
  #status: number | undefined;

  /**
   * Runs `send` with a middleware of ours innermost in the command's stack: it is part of what `send` builds from it,
   * and gone from the command right after.
   */
  during<T>(command: unknown, client: unknown, send: () => T): T {
    const stack = safely('an AWS request', () => stackOf(command, client));
    safely('an AWS request', () =>
      stack?.add(watch, { name: 'respanWatch', step: 'deserialize', priority: 'low', override: true }),
    );
    try {
      return context.with(context.active().setValue(EXCHANGE, this), send);
    } finally {
      safely('an AWS request', () => stack?.remove(watch));
    }
  }

  sent(request: unknown): void {
    const { hostname, port, protocol } = asDict(request) ?? {};
    this.#attempts += 1;
    this.#host = asString(hostname);
    this.#port = asNumber(port) ?? (protocol === 'http:' ? 80 : 443);
    this.headers = {};
    this.#status = undefined;
  }

  answered(response: unknown): void {
    this.headers = asDict(asDict(response)?.headers) ?? {};
    this.#status = asNumber(asDict(response)?.statusCode);
  }

  /** What is known of the exchange with `result`, an output or an error. */
  answerTo(result: unknown): ModelResponse {
    const metadata = asDict(asDict(result)?.$metadata);
    const requestId = asString(metadata?.requestId) ?? asString(this.headers['x-amzn-requestid']);
    return {
      extra: {
        [ATTR.awsRequestId]: requestId,
        [ATTR.httpStatus]: this.#status !== undefined && this.#status >= 400 ? this.#status : undefined,
        [ATTR.httpResendCount]: this.#attempts > 1 ? this.#attempts - 1 : undefined,
        ...(this.#host && { [ATTR.serverAddress]: this.#host, [ATTR.serverPort]: this.#port }),
      },
    };
  }
}

/** `response` with what is known of the exchange it came by. */
export function withExchange(response: ModelResponse, { extra }: ModelResponse): ModelResponse {
  return { ...response, extra: { ...response.extra, ...extra } };
}

interface MiddlewareStack {
  add(middleware: unknown, options: object): void;
  remove(middleware: unknown): boolean;
  identifyOnResolve?(): boolean;
}

/** Undefined where the app has its middlewares printed: it would see ours. */
function stackOf(command: unknown, client: unknown): MiddlewareStack | undefined {
  const printed = (asDict(client)?.middlewareStack as Partial<MiddlewareStack> | undefined)
    ?.identifyOnResolve;
  return printed?.() ? undefined : (asDict(command)?.middlewareStack as MiddlewareStack | undefined);
}

type Handler = (args: unknown) => unknown;

/** Which call a request belongs to is in the context: with `cacheMiddleware` one handler serves many calls. */
const watch =
  (next: Handler): Handler =>
  (args) => {
    const exchange = context.active().getValue(EXCHANGE) as Exchange | undefined;
    if (!exchange) return next(args);
    safely('an AWS request', () => exchange.sent(asDict(args)?.request));
    const answer = next(args);
    if (!(answer instanceof Promise)) return answer;
    return followed(
      answer,
      (result) => exchange.answered(asDict(result)?.response),
      () => {},
    );
  };
