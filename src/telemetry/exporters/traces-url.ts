/**
 * The traces endpoint for any spelling of the base URL people use: with or without `/api`, with a trailing
 * slash, or already the full URL of a traces endpoint.
 */
export function tracesUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, '');
  // The platform's older endpoint for its own log objects does not take OTLP.
  const logs = /^(.*)\/v\d+\/traces\/ingest$/.exec(path);
  if (logs) url.pathname = `${logs[1]}/v2/traces`;
  else if (/\/v\d+\/traces$/.test(path)) url.pathname = path;
  else if (path === '') url.pathname = '/api/v2/traces';
  else url.pathname = `${path}/v2/traces`;
  return url.toString();
}
