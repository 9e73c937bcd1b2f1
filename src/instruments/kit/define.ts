import type { HttpApi } from '../http-api/types';

/** What the loader knows about an instrument; everything else is the instrument's own business. */
export interface Instrument {
  id: string;
  /**
   * Called once for each hooked file of the library, and once more where a process holds both its CommonJS
   * and its ES module build. Patches in place; may throw, which leaves that file unpatched.
   */
  patchModule?(module: LoadedModule): void;
  /** Called where one of the row's `builtins` is loaded, or may have been; possibly more than once. */
  patchBuiltin?(name: string): void;
  /** APIs whose calls are known by the requests themselves, whatever client sends them; see http-api/. */
  httpApis?: readonly HttpApi[];
  /** Does what the first call would else have to wait for: called when the process has nothing to do. */
  warmUp?(): void;
  /** Called once for instruments of builtins, with the channel message that woke it, if one did. */
  start?(first?: { channel: string; message: unknown }): void;
}

export interface LoadedModule {
  /** The npm name of the library. */
  package: string;
  version: string | undefined;
  /** Path inside the package, without extension. */
  path: string;
  /** The package's folder, with a trailing separator. */
  directory: string;
  /** What the module exports or, for an ES module, the names the catalog asked for. */
  exports: Record<string, unknown>;
  /** Lets the module export something else, where it is a CommonJS module that nobody has got yet. */
  replace?(exports: unknown): void;
  /** Says why this version is left as it is. */
  skip?(reason: string): void;
}

export function defineInstrument(instrument: Instrument): Instrument {
  return instrument;
}
