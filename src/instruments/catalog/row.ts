/** What the product knows of a library. Pure data: nothing in here is code of a library or of an instrument. */
export interface CatalogRow {
  /** The name used in RESPAN_INSTRUMENTS. */
  id: string;
  /** How the library is called in prose and in the log. */
  title: string;
  aliases?: string[];
  /** Other rows that RESPAN_INSTRUMENTS switches on with this one. */
  includes?: string[];
  category: 'model' | 'vector store' | 'framework' | 'infrastructure';
  /** npm packages and the files in them whose classes or functions are patched. */
  packages?: CatalogPackage[];
  /** diagnostics_channel names of Node builtins; the first message on one of them starts the instrument. */
  channels?: string[];
  /**
   * Paths, without query, of outgoing requests that may be calls of an HTTP API this row knows, whatever client sends them: the first
   * one loads the instrument, which looks closer. A regular expression, as text: the catalog is data that the build writes
   * out as JSON.
   */
  httpPaths?: string;
  /** Modules of Node's own in which something is replaced, if possible before the app gets it. */
  builtins?: string[];
  /**
   * Its builtins are patched when there is a model library or a message on its channels, which speak too late for the first
   * outgoing call.
   */
  startsWithModels?: boolean;
  /** Started with the process: a builtin without channels. */
  startsAtOnce?: boolean;
  /** Why it is off unless somebody names it. */
  isOff?: string;
  /** The built chunk that holds the instrument, by its id where it holds several; loaded with the library, never before. */
  chunk?: string;
  /** The instrumentation scope of its spans, where that is not `respan.<id>`. */
  scope?: string;
}

export interface CatalogPackage {
  name: string;
  /** The range this row was tested with. Other versions are tried all the same, and reported as untested. */
  tested: { from: string; below: string };
  /**
   * Path inside the package, without extension, to the names the instrument wants from that module. ES
   * modules hand them over from their own scope, CommonJS modules from `module.exports`. `.` is what `require` of the
   * package gives, wherever that lies. An ES module is hooked only for the names of its file.
   */
  files: Record<string, string[]>;
  /**
   * For `new RespanTelemetry({ instrumentModules })`: where in the package's main export, or in its main class, the
   * same classes are found (`Chat.Completions`; `Client#v2`: the class of what its getter `v2` answers), to the file and name above (`resources/chat/completions Completions`).
   */
  fromMain?: Record<string, string>;
  /**
   * Where the main class is itself one of those above: its name in the main export and a method of it, by which it is
   * known when it is handed over alone (`Ollama#chat`).
   */
  mainClass?: string;
  /**
   * The names are functions that take another's place by assignment, for a package whose API is plain functions:
   * CommonJS modules hand over their scope too, since bundlers make exports that cannot be redefined.
   */
  replacesFunctions?: true;
  /** The names are those that an ES module exports; in its own scope they are what its bundler made of them. */
  namesAreExports?: true;
  /**
   * The files are entry points, which pass on what is in files of other names in every version: ES modules hand over
   * what they export, not what is in their scope.
   */
  reExports?: true;
}
