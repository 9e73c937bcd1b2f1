import type { Config } from '../config/resolve';
import { withoutPassword } from '../config/without-password';
import { mapTexts } from './map-texts';
import type { SpanStep } from './pipeline';

const SECRET_HEADER = /authorization|key|token|secret|cookie|password/i;
/** Shorter ones are words that stand for something else as well. */
const SHORTEST = 8;

/** Parameters of a URL that open doors, as Gemini's `?key=`. */
const SECRET_PARAMETER =
  /([?&;](?:[\w.-]{0,40}(?:key|token|secret|password|passwd|signature|credential)[\w.-]{0,40}|sig|auth)=)[^&;#\s"]+/gi;
const URL_ATTRIBUTE = /^(url\.(full|query)|http\.(url|target))$/;

/**
 * What respan itself is entrusted with never leaves in a span, wherever an app puts it; nor do the keys and passwords of
 * URLs. This is no setting.
 */
export function createSecretStep({ apiKey, headers, otel }: Config): SpanStep {
  const secrets = [
    apiKey ?? '',
    ...[headers, otel.OTEL_EXPORTER_OTLP_HEADERS, otel.OTEL_EXPORTER_OTLP_TRACES_HEADERS].flatMap((given) =>
      Object.entries(given ?? {}).flatMap(([name, value]) =>
        // `Bearer <key>`, `Basic <key>`
        SECRET_HEADER.test(name) ? [value, value.replace(/^\w+ +/, '')] : [],
      ),
    ),
  ].filter((secret) => secret.length >= SHORTEST);
  return (span) => {
    mapTexts(span, (text, name) => {
      let shown = text;
      for (const secret of secrets)
        if (shown.includes(secret)) shown = shown.replaceAll(secret, '[redacted]');
      if (name !== undefined && URL_ATTRIBUTE.test(name)) shown = withoutUrlSecrets(shown, name);
      return shown;
    });
  };
}

function withoutUrlSecrets(url: string, name: string): string {
  if (!/[=@]/.test(url)) return url;
  // A query alone begins with its first parameter.
  const isQuery = name === 'url.query' && !url.startsWith('?');
  const shown = withoutPassword(isQuery ? `?${url}` : url).replace(SECRET_PARAMETER, '$1[redacted]');
  return isQuery ? shown.slice(1) : shown;
}
