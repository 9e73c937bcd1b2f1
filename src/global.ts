/** `import 'respan/global'` is for its types alone: they say that there may be a `globalThis.respan`. */
export {};
