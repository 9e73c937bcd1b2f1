// An app that loads no instrumented library.
