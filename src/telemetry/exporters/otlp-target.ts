import { readFileSync } from 'fs';
import type { Config } from '../../config/resolve';

type OtelSettings = Config['otel'];

export interface OtlpTarget {
  url: string;
  headers: Record<string, string>;
  compression: 'gzip' | 'none';
  timeoutMillis: number;
  tls: { ca?: Buffer; cert?: Buffer; key?: Buffer };
}

const DEFAULT_TIMEOUT_MILLIS = 10_000;

export function otlpProtocol(otel: OtelSettings): 'http/protobuf' | 'http/json' | 'grpc' {
  return otel.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? otel.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf';
}

/** What OTEL_EXPORTER_OTLP_* say; the ..._TRACES_* one wins, headers are merged, RESPAN_HEADERS come on top. */
export function otlpTarget({ otel, headers }: Pick<Config, 'otel' | 'headers'>): OtlpTarget {
  return {
    url: otlpProtocol(otel) === 'grpc' ? grpcUrl(otel) : httpUrl(otel),
    headers: {
      ...otel.OTEL_EXPORTER_OTLP_HEADERS,
      ...otel.OTEL_EXPORTER_OTLP_TRACES_HEADERS,
      ...headers,
    },
    compression: otel.OTEL_EXPORTER_OTLP_TRACES_COMPRESSION ?? otel.OTEL_EXPORTER_OTLP_COMPRESSION ?? 'none',
    timeoutMillis:
      otel.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? otel.OTEL_EXPORTER_OTLP_TIMEOUT ?? DEFAULT_TIMEOUT_MILLIS,
    tls: {
      ca: file(otel.OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE ?? otel.OTEL_EXPORTER_OTLP_CERTIFICATE),
      cert: file(
        otel.OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE ?? otel.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE,
      ),
      key: file(otel.OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY ?? otel.OTEL_EXPORTER_OTLP_CLIENT_KEY),
    },
  };
}

/** The base endpoint gets the path of the signal, the signal's own endpoint is used as it is. */
function httpUrl(otel: OtelSettings): string {
  const own = otel.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  if (own) return new URL(withScheme(own)).toString();
  const url = new URL(withScheme(otel.OTEL_EXPORTER_OTLP_ENDPOINT ?? 'http://localhost:4318'));
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/traces`;
  return url.toString();
}

/** gRPC has no path; without a scheme, OTEL_EXPORTER_OTLP_INSECURE says whether it is encrypted. */
function grpcUrl(otel: OtelSettings): string {
  const endpoint =
    otel.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? otel.OTEL_EXPORTER_OTLP_ENDPOINT ?? 'http://localhost:4317';
  if (endpoint.includes('://')) return endpoint;
  const insecure = otel.OTEL_EXPORTER_OTLP_TRACES_INSECURE ?? otel.OTEL_EXPORTER_OTLP_INSECURE ?? false;
  return `${insecure ? 'http' : 'https'}://${endpoint}`;
}

function withScheme(endpoint: string): string {
  return endpoint.includes('://') ? endpoint : `http://${endpoint}`;
}

function file(path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : readFileSync(path);
}
