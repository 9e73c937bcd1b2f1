import { join } from 'path';
import { log } from '../config/log';
import { marker, OWN_NAME } from './marker';

declare const __VERSION__: string;

interface WebpackPlugin {
  apply(compiler: object): void;
}

/** The part of webpack's and Rspack's `Compiler` that is used. */
interface Compiler {
  options: {
    externalsPresets?: { node?: boolean; web?: boolean };
    module: { rules: unknown[] };
    output: { module?: boolean };
  };
  hooks: { afterEnvironment: { tap(name: string, callback: () => void): void } };
  /** webpack itself, from 5 on; Rspack gives its own. */
  webpack?: {
    ExternalsPlugin: new (type: string, externals: RegExp) => { apply(compiler: object): void };
  };
}

/** `import respan from 'respan/webpack'`, `'respan/rspack'`: for `plugins`. What goes to browsers is left alone. */
export default function respan(): WebpackPlugin {
  return {
    apply(given) {
      const compiler = given as Compiler;
      const { webpack } = compiler;
      if (!webpack) {
        log.once(
          'warn',
          'webpack 4 is too old, and its bundle is not traced; respan/webpack is for 5 and newer',
        );
        return;
      }
      // What is a default is set by then.
      compiler.hooks.afterEnvironment.tap('respan', () => {
        const { externalsPresets, module, output } = compiler.options;
        if (externalsPresets?.web && !externalsPresets.node) return;
        new webpack.ExternalsPlugin(output.module ? 'module' : 'commonjs', OWN_NAME).apply(compiler);
        module.rules.unshift({
          test: marker().filter,
          enforce: 'pre',
          // By `ident` a cache on disk knows what a module was made with.
          use: [
            { loader: join(__dirname, 'webpack-loader.js'), options: { ident: `respan@${__VERSION__}` } },
          ],
        });
      });
    },
  };
}
