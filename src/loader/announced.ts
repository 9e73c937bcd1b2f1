/** Since then a module that an ES module imports is announced once, when all are linked, and not again when it runs. */
const ANNOUNCED_ONCE = Number(process.versions.node.split('.')[0]) >= 22;

/**
 * Folders of known packages whose modules have been announced and have not run yet. ES modules are linked before the
 * first of them runs: between the announcement of a CommonJS library that is imported and its run, any others may run.
 */
export class Announced {
  readonly #waiting = new Map<string, number>();

  add(directory: string): void {
    const count = ANNOUNCED_ONCE ? (this.#waiting.get(directory) ?? 0) : 0;
    this.#waiting.set(directory, count + 1);
  }

  ran(directory: string): void {
    const left = (this.#waiting.get(directory) ?? 0) - 1;
    if (left > 0) this.#waiting.set(directory, left);
    else this.#waiting.delete(directory);
  }

  isWaiting(): boolean {
    return this.#waiting.size > 0;
  }
}
