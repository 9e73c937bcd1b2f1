import { readable } from '../../config/safely';
import { type Context, type Span, SpanKind, SpanStatusCode, trace } from '../../telemetry/api';
import { startEntity } from '../../telemetry/entity-span';
import { recordError } from '../../telemetry/record-error';
import { toBoundedJson } from '../../telemetry/to-json';
import { ATTR } from '../genai/attributes';
import { asDict, asString, type Dict } from '../genai/read';
import { startStep } from '../kit/step';
import { ABORTED, errorFacts, INTERNAL_ERROR, RPC_STATUS } from './error';
import { outputOf, requestFacts, toolFailure } from './message';
import { connectionAttributes } from './place';

/** One request and its answer, on the side that sends it or on the one that answers it. */
export interface Exchange {
  readonly span: Span;
  /** What the request leads to runs in here. */
  readonly context: Context;
  succeed(result: unknown): void;
  fail(error: unknown, isAborted?: boolean): void;
  settleWith(carrier: object): void;
}

interface Side {
  kind: SpanKind.CLIENT | SpanKind.SERVER;
  /** The Client or Server. */
  protocol: Dict;
  request: Dict;
  around: Context;
  version?: string | undefined;
}

/** The version that both sides of a connection have agreed on, by Client or Server. */
const versions = new WeakMap<object, string>();

interface Life {
  span: Span;
  context: Context;
  content: boolean;
  end(output: unknown): void;
  settleWith(carrier: object): void;
}

export function startExchange(side: Side): Exchange {
  const { protocol, request } = side;
  const method = asString(request.method) ?? '';
  const transport = protocol._transport;
  const { span, context, content, end, settleWith } = begin(side);
  const putConnection = () => {
    const version = side.version ?? versions.get(protocol);
    span.setAttributes(connectionAttributes(protocol, transport, version));
  };
  putConnection();
  const { id } = request;
  if (typeof id === 'string' || typeof id === 'number') span.setAttribute('jsonrpc.request.id', String(id));

  return {
    span,
    context,
    settleWith,
    succeed(result) {
      const agreed = method === 'initialize' ? asString(asDict(result)?.protocolVersion) : undefined;
      if (agreed) versions.set(protocol, agreed);
      // A session begins with the answer to its first request.
      putConnection();
      const failure = readable('a result', () => toolFailure(method, result));
      if (failure !== undefined) {
        span.setAttribute(ATTR.errorType, 'tool_error');
        const message = content ? failure : '';
        span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) });
      }
      end(content ? readable('a result', () => outputOf(method, result)) : undefined);
    },
    fail(error, isAborted = false) {
      const { type, attributes } = errorFacts(error);
      if (!isAborted) {
        if (side.kind === SpanKind.SERVER) span.setAttribute(RPC_STATUS, String(INTERNAL_ERROR));
        span.setAttributes(attributes);
      }
      recordError(span, error, { type: isAborted ? ABORTED : type, content });
      end(undefined);
    },
  };
}

function begin({ kind, request, around }: Side): Life {
  const { spanName, attributes, tool, input } =
    readable('a request', () => requestFacts(request)) ?? requestFacts({ method: request.method });
  if (tool !== undefined) {
    const entity = startEntity(
      {
        kind: 'tool',
        name: tool,
        spanName,
        spanKind: kind,
        scope: 'respan.mcp',
        input: () => input,
        attributes,
      },
      around,
    );
    const { span, content, succeed, settleWith } = entity;
    // What is sent is no part of the tool: the tool runs where it is answered, which may be this process.
    const context = kind === SpanKind.CLIENT ? trace.setSpan(around, span) : entity.context;
    return { span, context, content, end: succeed, settleWith };
  }
  const step = startStep({ instrument: 'mcp', name: spanName, kind, around, attributes: () => attributes });
  const { span, context, content } = step;
  if (content && input !== undefined) span.setAttribute('traceloop.entity.input', toBoundedJson(input));
  return {
    span,
    context,
    content,
    end: (output) =>
      step.succeed(output === undefined ? {} : { 'traceloop.entity.output': toBoundedJson(output) }),
    settleWith: step.settleWith,
  };
}
