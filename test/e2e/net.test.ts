import { describe } from 'vitest';
import type { CollectedSpan } from '../harness/collector';
import { startNetProvider } from '../harness/net-provider';
import { describeProvider } from '../harness/provider-suite';

/** The spans of calls that no library made, by who knows them. */
const isNetSpan = ({ scope }: CollectedSpan): boolean =>
  /^respan\.(model_http|alephalpha|marqo|haystack|crew)$/.test(scope);

/** Its body was never asked for, as there was no connection to send it on. */
const UNSENT = 'fetch-refused';

/** The step is in the prompt, in the name of the collection, or the id of what is asked for. */
function stepOf({ attributes }: CollectedSpan): string {
  const asked = String(attributes['crew.kickoff.id'] ?? '');
  if (asked.endsWith('crew-status')) return asked;
  const places = ['gen_ai.input.messages', 'db.query.text', 'db.collection.name'];
  const text = places.map((name) => attributes[name] ?? '').join(' ');
  return /\[([\w-]+)\]/.exec(text)?.[1] ?? UNSENT;
}

/** The answers that are long on purpose, as far as anybody would read them in a snapshot. */
function withShortValues(span: CollectedSpan): CollectedSpan {
  const entries = Object.entries(span.attributes).map(([name, value]) => {
    const isLong = typeof value === 'string' && value.length > 4000;
    return [
      name,
      isLong ? `${value.slice(0, 200)}… ${value.length} characters …${value.slice(-100)}` : value,
    ];
  });
  return { ...span, attributes: Object.fromEntries(entries) as CollectedSpan['attributes'] };
}

describe('HTTP clients', () => {
  const clients = ['axios-1', 'got-14', 'node-fetch-2'];
  describeProvider({
    fixture: 'net',
    versions: [
      { name: 'net-undici-5', sdks: ['undici-5', ...clients], nodes: ['20'] },
      { name: 'net-undici-6', sdks: ['undici-6', ...clients], nodes: ['20', '22'] },
      { name: 'net-undici-7', sdks: ['undici-7', ...clients], nodes: ['22', '24'] },
      { name: 'net-undici-8', sdks: ['undici-8', ...clients], nodes: ['24', '26'] },
    ],
    startServer: startNetProvider,
    timeoutMillis: 150_000,
    env: {
      RESPAN_MODEL_HOSTS:
        '127.0.0.1,127.0.0.2=cohere,127.0.0.3=ollama,127.0.0.4=alephalpha,127.0.0.5=marqo,127.0.0.6=haystack,127.0.0.7=crew',
    },
    select: (spans) => spans.filter(isNetSpan).map(withShortValues),
    stepOf,
    spansOfStep: {
      parallel: 20,
      'fetch-abort-before': 0,
      'not /v1/chat/completions': 0,
      'not /v1/messages': 0,
      'not /v1/embeddings': 0,
      'not /v1/responses': 0,
      'not /kickoff': 0,
      'not /indexes/x/search': 0,
      'not /api/chat': 0,
      'not /v1/chat': 0,
      'not /status/not-8': 0,
    },
  });
});
