/* Keys of 36 characters for the benchmark of state on disk: first each of them once, in no order, then by chance; for windows
 * with a time, the number of the row in ms. */

import { allChanges, insertOnly, type ConnectorDescriptor } from '#catalog';
import { noMarks, type Batch, type Column } from '#data';
import type { Polled, Sink, Source } from '#dataflow';
import { Rng } from '#base';

const batchRows = 4096;
const keyBytes = 36;
/** Odd, and so prime to a number of keys that is a power of two times one of ten. */
const step = 7_368_787;

export type Chance = 'uniform' | 'zipf';
export interface Keys {
  readonly keys: number;
  /** Rows behind the first one of each key. */
  readonly rows: number;
  readonly chance: Chance;
  /** Rows have a time. */
  readonly timed?: boolean;
  /** When each key has come once. */
  loaded(): void;
}

/** Rows of keys: `uuid-like prefix` and the number. */
class KeySource implements Source {
  readonly #keys: Keys;
  readonly #rng = new Rng(1);
  #given = 0;

  constructor(keys: Keys) {
    this.#keys = keys;
  }
  async open(): Promise<void> {}
  poll(): Polled {
    const { keys, rows } = this.#keys;
    if (this.#given === keys) this.#keys.loaded();
    if (this.#given >= keys + rows) return { kind: 'end' };
    const count = Math.min(batchRows, this.#given < keys ? keys - this.#given : keys + rows - this.#given);
    const batch = this.#batch(count);
    this.#given += count;
    return { kind: 'batch', split: 0, batch };
  }
  #batch(rows: number): Batch {
    const data = new Uint8Array(rows * keyBytes).fill(0x30);
    const starts = new Int32Array(rows);
    const lengths = new Int32Array(rows).fill(keyBytes);
    for (let row = 0; row < rows; row++) {
      starts[row] = row * keyBytes;
      let n = this.#key(row);
      for (let at = (row + 1) * keyBytes - 1; n > 0; at--) {
        data[at] = 0x30 + (n % 10);
        n = Math.floor(n / 10);
      }
    }
    const keys: Column = { layout: 'bytes', valid: undefined, data, starts, lengths };
    const columns = this.#keys.timed ? [keys, this.#times(rows)] : [keys];
    return { rows, columns, kinds: undefined, marks: noMarks };
  }
  #times(rows: number): Column {
    const millis = Float64Array.from({ length: rows }, (_, row) => this.#given + row);
    return { layout: 'time', valid: undefined, millis, nanos: undefined };
  }
  #key(row: number): number {
    const { keys, chance } = this.#keys;
    const at = this.#given + row;
    if (at < keys) return (at * step) % keys;
    // Zipf with exponent 1: the logarithm of the rank is uniform (Gray et al., 1994).
    const rank = chance === 'uniform' ? this.#rng.below(keys) : Math.floor(keys ** this.#rng.double());
    return (rank * step) % keys;
  }
  snapshot(): ReadonlyMap<string, Uint8Array> {
    return new Map();
  }
  async close(): Promise<void> {}
}

export const keysConnector = (keys: Keys): ConnectorDescriptor => ({
  name: 'keys',
  metadata: [],
  options: () => ({ owner: 'a table of keys', specs: [] }),
  source: () => ({ changelog: insertOnly, bounded: true, ownWatermarks: false }),
  sink: () => ({ accepts: () => allChanges, guarantee: 'none' }),
  load: async () => ({
    createSource: (): Source => new KeySource(keys),
    createSink: (): Sink => ({
      open: async () => {},
      write: (batch) => batch.rows,
      flush: async () => {},
      close: async () => {},
    }),
  }),
});
