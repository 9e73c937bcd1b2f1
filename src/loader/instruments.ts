import { subscribe, unsubscribe } from 'diagnostics_channel';
import { join } from 'path';
import { log } from '../config/log';
import { safely } from '../config/safely';
import type { CatalogRow } from '../instruments/catalog/row';
import type { Instrument } from '../instruments/kit/define';

interface Host {
  /** Whether a builtin is loaded already. Where it is not, `builtinLoaded` is called when that changes. */
  isLoaded?(builtin: string): boolean;
  /** Called when the first model library has been patched, with what instruments can do before it is called. */
  hasModels?(warmUp: () => void): void;
}

interface Chunk {
  instrument?: Instrument;
  /** Where it holds several, by the id of the row. */
  instruments?: Record<string, Instrument>;
}

export const instrumentIn = ({ instrument, instruments }: Chunk, id: string): Instrument =>
  instruments?.[id] ?? instrument!;

/**
 * The instruments of the selected rows. A chunk is read from disk when its library loads or its channel speaks, and nowhere
 * earlier.
 */
export class Instruments {
  #rows: readonly CatalogRow[];
  readonly #host: Host;
  readonly #loaded = new Map<string, Instrument>();
  readonly #started = new Set<string>();
  readonly #announced = new Set<string>();
  /** Those with builtins to be patched by now. */
  readonly #awake = new Set<string>();
  readonly #patching = new Set<string>();
  #hasModels = false;

  constructor(rows: readonly CatalogRow[], host: Host = {}) {
    this.#rows = rows;
    this.#host = host;
  }

  get rows(): readonly CatalogRow[] {
    return this.#rows;
  }

  /** Rows that code has asked for after all. */
  add(rows: readonly CatalogRow[]): void {
    this.#rows = [...this.#rows, ...rows];
    this.#listenTo(rows);
  }

  /** Rows that code does not want after all: what of theirs has not been patched stays as it is. */
  remove(rows: readonly CatalogRow[]): void {
    this.#rows = this.#rows.filter((row) => !rows.includes(row));
  }

  /** May throw, where a chunk is broken: the caller reports it. */
  load(row: CatalogRow): Instrument {
    let instrument = this.#loaded.get(row.id);
    if (!instrument) {
      instrument = instrumentIn(require(join(__dirname, `${row.chunk}.js`)) as Chunk, row.id);
      this.#loaded.set(row.id, instrument);
    }
    return instrument;
  }

  announce(row: CatalogRow): void {
    if (this.#announced.has(row.id)) return;
    this.#announced.add(row.id);
    log.debug(`Initialized ${row.title} instrumentation`);
  }

  /**
   * Builtins (node:http, fetch) need no module hook: the first message on a channel of theirs starts the
   * instrument, which takes over from there. Subscribing loads nothing, and the message is handed on, so that
   * the request it tells of is not missed.
   */
  listen(): void {
    this.#listenTo(this.#rows);
  }

  #listenTo(rows: readonly CatalogRow[]): void {
    for (const row of rows) {
      if (row.startsAtOnce) this.#start(row);
      for (const channel of row.channels ?? []) {
        const onFirst = (message: unknown): void => {
          unsubscribe(channel, onFirst);
          if (this.#rows.includes(row)) this.#start(row, { channel, message });
        };
        subscribe(channel, onFirst);
      }
    }
  }

  builtinLoaded(name: string): void {
    for (const row of this.#rows) {
      if (!row.builtins?.includes(name) || (row.startsWithModels && !this.#awake.has(row.id))) continue;
      this.#patch(row, name);
    }
  }

  /**
   * With the first model library, what its calls travel through is watched as well, and from then on there is
   * something to trace.
   */
  startCompanions(): void {
    if (this.#hasModels) return;
    this.#hasModels = true;
    for (const row of this.#rows) if (row.startsWithModels) this.#wake(row);
    this.#host.hasModels?.(() => {
      for (const { id, warmUp } of this.#loaded.values()) if (warmUp) safely(`the ${id} instrument`, warmUp);
    });
  }

  /** What of its builtins nobody has loaded is not loaded for it. */
  #wake(row: CatalogRow): void {
    this.#awake.add(row.id);
    for (const name of row.builtins ?? []) if (this.#host.isLoaded?.(name) ?? true) this.#patch(row, name);
    this.announce(row);
  }

  #patch(row: CatalogRow, builtin: string): void {
    const what = `${row.id} ${builtin}`;
    // Whoever patches it loads it, which is told as well.
    if (this.#patching.has(what)) return;
    this.#patching.add(what);
    safely(`the ${row.id} instrument`, () => this.load(row).patchBuiltin?.(builtin));
    this.#patching.delete(what);
  }

  #start(row: CatalogRow, first?: { channel: string; message: unknown }): void {
    if (this.#started.has(row.id)) return;
    this.#started.add(row.id);
    if (row.startsWithModels) {
      this.#wake(row);
      return;
    }
    safely(`the ${row.id} instrument`, () => {
      this.load(row).start?.(first);
      this.announce(row);
    });
  }
}
