/**
 * genai-prices ships as one file that builds half a megabyte of objects whenever it is loaded (some 40 ms). The
 * build takes it apart: the code into a chunk of its own, each provider's price list into a JSON file that is
 * read when a call of that provider is priced.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIST = /\bconst [\w$]+\s*=\s*(?=\[\s*\{\s*id:\s*['"])/;

/** Where the array literal that starts at `start` ends: strings and template strings may hold brackets. */
function endOfLiteral(source, start) {
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    const character = source[i];
    if (character === '"' || character === "'" || character === '`') {
      for (i++; source[i] !== character; i++) if (source[i] === '\\') i++;
    } else if ('[{('.includes(character)) depth++;
    else if (']})'.includes(character) && --depth === 0) return i + 1;
  }
  throw new Error('genai-prices: the price list does not end');
}

/** What only a human reads is left out. */
function slim({ models, pricing_urls, extractors, description, price_comments, ...provider }) {
  return {
    ...provider,
    models: models.map(
      ({ description, price_comments, name, context_window, deprecated, ...model }) => model,
    ),
  };
}

/**
 * The units of usage that src/instruments/genai/cost.ts reports, and where two of them meet (cached audio); the
 * tables for all 59 make every call slow.
 */
const UNITS = [
  ...['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens'],
  ...['input_audio_tokens', 'output_audio_tokens', 'cache_audio_read_tokens', 'cache_audio_write_tokens'],
];
const REGISTRY = /\b(\w+ = new \w+)\((\w+)\)(?=;\s*function \w+\(\) \{\s*return)/;

function lighten(source) {
  if (!REGISTRY.test(source)) throw new Error('genai-prices: the registry of units is not where it was');
  return (
    source
      .replace(
        REGISTRY,
        (_, made, units) =>
          `${made}(Object.fromEntries(Object.entries(${units}).filter(([name]) => ${JSON.stringify(UNITS)}.includes(name))))`,
      )
      // Its remarks on odd price lists belong to nobody's stderr.
      .replaceAll('console.warn(', '(() => {})(')
      // Sorts the keys of its own tables with it; the first use loads the collation data, 7 ms.
      .replace(/([\w.]+)\.localeCompare\(([\w.]+)\)/g, '($1 < $2 ? -1 : $1 > $2 ? 1 : 0)')
  );
}

export function prices(dist) {
  return {
    name: 'prices',
    setup({ onLoad }) {
      onLoad({ filter: /@pydantic[\\/]genai-prices[\\/]dist[\\/]index\.c?js$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        const match = LIST.exec(source);
        if (!match) throw new Error(`genai-prices: no price list found in ${path}`);
        const start = match.index + match[0].length;
        const end = endOfLiteral(source, start);
        const providers = new Function(`return ${source.slice(start, end)}`)();
        mkdirSync(join(dist, 'prices'), { recursive: true });
        for (const provider of providers) {
          writeFileSync(join(dist, 'prices', `${provider.id}.json`), JSON.stringify(slim(provider)));
        }
        return { contents: lighten(`${source.slice(0, start)}[]${source.slice(end)}`), loader: 'js' };
      });
    },
  };
}
