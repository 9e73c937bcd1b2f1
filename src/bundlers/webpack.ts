import { join } from 'path';
import { log } from '../config/log';
import { marker } from './marker';

declare const __VERSION__: string;

interface WebpackPlugin {
  apply(compiler: object): void;
}

/** The part of webpack's and Rspack's `Compiler` that is used. */
interface Compiler {
  options: {
    target?: unknown;
    externalsPresets?: { node?: boolean; web?: boolean };
    module: { rules: unknown[] };
  };
  hooks: { afterEnvironment: { tap(name: string, callback: () => void): void } };
  /** webpack itself, from 5 on; Rspack gives its own. */
  webpack?: unknown;
}

/** `import respan from 'respan/webpack'`, `'respan/rspack'`: for `plugins`. What goes to browsers is left alone. */
export default function respan(): WebpackPlugin {
  return {
    apply(given) {
      const compiler = given as Compiler;
      if (!compiler.webpack) {
        log.once('warn', 'webpack 4 is too old, and its bundle is not traced; respan/webpack is for 5 and newer');
        return;
      }
      // What is a default is set by then.
      compiler.hooks.afterEnvironment.tap('respan', () => {
        const { externalsPresets, module } = compiler.options;
        if (externalsPresets?.web && !externalsPresets.node) return;
        module.rules.unshift({
          test: marker().filter,
          enforce: 'pre',
          // As text, which is part of what a cache on disk knows a module by.
          use: [{ loader: join(__dirname, 'webpack-loader.js'), options: __VERSION__ }],
        });
      });
    },
  };
}
