/** A span as far as a terminal shows it: of the attributes only those that are named here. */
export interface TreeSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  isHttpClient: boolean;
  /** Microseconds. */
  start: number;
  end: number;
  error: string | undefined;
  isInterrupted: boolean;
  operation: string | undefined;
  model: string | undefined;
  answeredBy: string | undefined;
  /** workflow, task, agent or tool. */
  entity: string | undefined;
  input: number | undefined;
  output: number | undefined;
  cached: number | undefined;
  cost: number | undefined;
}

/** Operations of agent frameworks: the model calls in them are spans of their own. */
const AROUND_MODELS = /^(invoke_agent|create_agent|invoke_workflow|execute_\w+)$/;

export const isModelCall = ({ operation, entity }: TreeSpan): boolean =>
  operation !== undefined && entity === undefined && !AROUND_MODELS.test(operation);

type Dict = Record<string, unknown>;
const dict = (value: unknown): Dict => (typeof value === 'object' && value !== null ? (value as Dict) : {});
const dicts = (value: unknown): Dict[] => (Array.isArray(value) ? value.map(dict) : []);

/** The spans of one line of an OTLP/JSON lines file; undefined where the line is not such a document. */
export function readLine(line: string): TreeSpan[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { resourceSpans } = dict(document);
  if (!Array.isArray(resourceSpans)) return undefined;
  return dicts(resourceSpans)
    .flatMap(({ scopeSpans }) => dicts(scopeSpans))
    .flatMap(({ spans }) => dicts(spans))
    .flatMap((span) => readSpan(span) ?? []);
}

const CLIENT = 3;
const ERROR = 2;

function readSpan(span: Dict): TreeSpan | undefined {
  const { traceId, spanId, parentSpanId, name, kind } = span;
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined;
  const attributes = new Map(dicts(span.attributes).map(({ key, value }) => [key, plain(dict(value))]));
  const text = (key: string) => {
    const value = attributes.get(key);
    return typeof value === 'string' && value !== '' ? oneLine(value) : undefined;
  };
  const number = (key: string) => {
    const value = Number(attributes.get(key) ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  return {
    traceId,
    spanId,
    parentSpanId: typeof parentSpanId === 'string' && parentSpanId !== '' ? parentSpanId : undefined,
    name: oneLine(String(name ?? '')),
    isHttpClient: kind === CLIENT && (attributes.has('http.request.method') || attributes.has('http.method')),
    start: micros(span.startTimeUnixNano),
    end: micros(span.endTimeUnixNano),
    error: errorOf(dict(span.status), text('error.type')),
    isInterrupted: attributes.get('respan.interrupted') === true,
    operation: text('gen_ai.operation.name'),
    model: text('gen_ai.request.model'),
    answeredBy: text('gen_ai.response.model'),
    entity: text('traceloop.span.kind'),
    input: number('gen_ai.usage.input_tokens'),
    output: number('gen_ai.usage.output_tokens'),
    cached: number('gen_ai.usage.cache_read.input_tokens'),
    cost: number('gen_ai.usage.cost'),
  };
}

function errorOf({ code, message }: Dict, type: string | undefined): string | undefined {
  if (code !== ERROR && code !== 'STATUS_CODE_ERROR') return undefined;
  const said = typeof message === 'string' ? oneLine(message) : '';
  if (!said) return type ?? 'error';
  return type && !said.startsWith(type) ? `${type}: ${said}` : said;
}

function plain(value: Dict): unknown {
  // 64-bit integers are text in OTLP/JSON.
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}

function micros(nanos: unknown): number {
  try {
    return Number(BigInt(nanos as string) / 1000n);
  } catch {
    return 0;
  }
}

/** Names and messages come from outside: line breaks and escape sequences must not reach the terminal. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
}
