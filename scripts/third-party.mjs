import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/**
 * The bundled OpenTelemetry API keeps its provider, context and propagator under a global name of its own. Two
 * copies of the API in one process otherwise share one global, which is how tracers shut each other out.
 */
export const privateApi = {
  name: 'private-api',
  setup({ onLoad }) {
    onLoad({ filter: /@opentelemetry[\\/]api[\\/].*global-utils\.m?js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replaceAll('opentelemetry.js.api.', 'respan.opentelemetry.js.api.');
      if (contents === source) throw new Error(`${path} no longer names the API's global`);
      return { contents, loader: 'js' };
    });
  },
};

/** Where instrumentations keep notes on objects of the app's, under names that the same ones of an app's own SDK use. */
const NOTES = /'(__ot_middlewares|opentelemetry\.(?:patched|graphql_data|js\.contrib\.winston\.context))'/g;

export const privateNotes = {
  name: 'private-notes',
  setup({ onLoad }) {
    const filter =
      /instrumentation-(express[\\/].*internal-types|graphql[\\/].*symbols|winston[\\/].*instrumentation)\.js$/;
    onLoad({ filter }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(NOTES, "'respan.$1'");
      if (contents === source) throw new Error(`${path} keeps its notes elsewhere`);
      return { contents, loader: 'js' };
    });
  },
};

/**
 * What bundled instrumentations would load only to hook modules themselves; our loader does that. The lexers of
 * import-in-the-middle alone cost more start-up time than all of ours.
 */
const STUBS = {
  'import-in-the-middle': 'exports.Hook = class Hook { unhook() {} };',
  'require-in-the-middle': 'exports.Hook = class Hook { unhook() {} };',
};

export const stubs = {
  name: 'stubs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(import|require)-in-the-middle$/ }, ({ path }) => ({ path, namespace: 'stub' }));
    onLoad({ filter: /.*/, namespace: 'stub' }, ({ path }) => ({ contents: STUBS[path], loader: 'js' }));
  },
};

/**
 * Instrumentations published as CommonJS pull in all of the semantic conventions, thousands of constants, for
 * a handful: each gets the ones it names.
 */
export const usedConventions = {
  name: 'used-conventions',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@opentelemetry\/semantic-conventions$/ }, ({ path, importer, kind }) =>
      kind === 'require-call' ? { path: importer, namespace: 'conventions', pluginData: path } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'conventions' }, ({ path, pluginData }) => {
      const all = createRequire(path)(pluginData);
      const used = new Set(readFileSync(path, 'utf8').match(/(?<=semantic_conventions_\d+\.)\w+/g));
      const lines = [...used].map((name) => `exports.${name} = ${JSON.stringify(all[name])};`);
      return { contents: lines.join('\n'), loader: 'js' };
    });
  },
};

/** The same for the SDK's core, of which they want three or four functions: as an ES module it can be taken apart. */
export const usedCore = {
  name: 'used-core',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@opentelemetry\/core$/ }, ({ path, importer, kind }) =>
      kind === 'require-call' ? { path: importer, namespace: 'core', pluginData: path } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'core' }, ({ path, pluginData }) => {
      const used = new Set(readFileSync(path, 'utf8').match(/(?<=\bcore_\d+\.)\w+/g));
      const contents = `export { ${[...used].join(', ')} } from '${pluginData}';`;
      return { contents, loader: 'js', resolveDir: dirname(path) };
    });
  },
};
