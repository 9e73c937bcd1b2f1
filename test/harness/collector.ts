import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface CollectedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  scope: string;
  /** Plain values: numbers as numbers, lists as lists. */
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  /** 0 unset, 1 ok, 2 error. */
  status: { code: number; message?: string };
  events: { name: string; attributes: Record<string, unknown> }[];
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
}

export interface CollectedRequest {
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Collector {
  /** Base URL: `/v2/traces` and `/v1/traces` below it are taken, and anything else. */
  url: string;
  requests: CollectedRequest[];
  /** Settles when the first request has been taken. */
  received: Promise<void>;
  /** All spans received as OTLP/JSON so far. */
  spans(): CollectedSpan[];
  /** Answers the next requests with these status codes instead of 200, one each. */
  failNext(...statuses: number[]): void;
  close(): Promise<void>;
}

/** A backend on loopback that keeps what it is sent. */
export async function startCollector(): Promise<Collector> {
  const requests: CollectedRequest[] = [];
  const failures: number[] = [];
  let onReceived = () => {};
  const received = new Promise<void>((resolve) => (onReceived = resolve));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = failures.shift() ?? 200;
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      if (status === 200) {
        requests.push({ url: request.url ?? '', headers: request.headers, body });
        onReceived();
      }
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    received,
    spans: () =>
      requests
        .filter(({ headers }) => headers['content-type'] === 'application/json')
        .flatMap(({ body }) => spansOf(body.toString('utf8'))),
    failNext: (...statuses) => void failures.push(...statuses),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The spans of one OTLP/JSON document, or of a file of OTLP/JSON lines. */
export function spansOf(json: string): CollectedSpan[] {
  return json
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const { resourceSpans = [] } = JSON.parse(line) as { resourceSpans?: OtlpResourceSpans[] };
      return resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap(({ scope, spans }) =>
          spans.map((span) => ({
            name: span.name,
            traceId: span.traceId,
            spanId: span.spanId,
            parentSpanId: span.parentSpanId || undefined,
            kind: span.kind,
            scope: scope?.name ?? '',
            attributes: plain(span.attributes),
            resource: plain(resource?.attributes),
            status: { ...span.status, code: span.status?.code ?? 0 },
            events: (span.events ?? []).map((event) => ({
              name: event.name,
              attributes: plain(event.attributes),
            })),
            startTimeUnixNano: BigInt(span.startTimeUnixNano),
            endTimeUnixNano: BigInt(span.endTimeUnixNano),
          })),
        ),
      );
    });
}

interface OtlpValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string | number;
  doubleValue?: number;
  arrayValue?: { values?: OtlpValue[] };
}
type OtlpAttributes = { key: string; value: OtlpValue }[];
interface OtlpSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  attributes?: OtlpAttributes;
  status?: { code?: number; message?: string };
  events?: { name: string; attributes?: OtlpAttributes }[];
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}
interface OtlpResourceSpans {
  resource?: { attributes?: OtlpAttributes };
  scopeSpans: { scope?: { name?: string }; spans: OtlpSpan[] }[];
}

function plain(attributes: OtlpAttributes | undefined): Record<string, unknown> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: OtlpValue): unknown {
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plainValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}
