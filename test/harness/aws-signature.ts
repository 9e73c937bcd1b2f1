import { createHash, createHmac } from 'node:crypto';

export interface SignedRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/**
 * Whether a request arrived as it was signed (AWS Signature Version 4): computed from what came over the wire, so
 * that whatever changed a signed part of it on its way is found out.
 */
export function isSignatureValid(request: SignedRequest, secret: string): boolean {
  const match = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)/.exec(
    String(request.headers.authorization),
  );
  if (!match) return false;
  const [, scope = '', names = '', signature] = match;
  const [path = '', query = ''] = request.path.split('?');
  const canonical = [
    request.method,
    // The path is encoded as it is sent, and once more to be signed.
    path.split('/').map(encoded).join('/'),
    query,
    ...names.split(';').map((name) => `${name}:${headerOf(request, name)}`),
    '',
    names,
    sha256(request.body),
  ].join('\n');
  const date = String(request.headers['x-amz-date']);
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((above, part) => hmac(above, part), `AWS4${secret}`);
  return hmac(key, toSign).toString('hex') === signature;
}

function headerOf({ headers }: SignedRequest, name: string): string {
  const value = name === 'host' ? (headers.host ?? headers[':authority']) : headers[name];
  return String(value).trim().replace(/\s+/g, ' ');
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
