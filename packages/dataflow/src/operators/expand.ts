/* GROUPING SETS: each row once per set, with the columns that the set leaves out as NULL and the set's number behind.
 *
 *   (a, b, 7)   sets (a, b), (a), ()   ⇒   (a, b, 7, 0)  (a, NULL, 7, 1)  (NULL, NULL, 7, 3)
 *
 * Keeps: nothing. Promises: what a row gives stands together, in the order of the sets. */

import type { ExpandSpec } from '#job';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 4096;

class ExpandOperator implements RunOperator {
  readonly #ids: readonly number[];
  /** By column: 1 for each set that leaves it out; undefined where none does. */
  readonly #left: readonly (Uint8Array | undefined)[];
  readonly #rows = new Int32Array(rowsMax);
  readonly #picked = new Int32Array(rowsMax);
  readonly #sets = new Int32Array(rowsMax);
  readonly #kinds = new Uint8Array(rowsMax);
  /** The set of an unfinished row that comes next. */
  #set = 0;

  constructor({ sets }: ExpandSpec, setup: RunSetup) {
    this.#ids = sets.map((s) => s.id);
    this.#left = setup.inputTypes[0]!.map((_, column) =>
      sets.some((s) => s.nulls.includes(column))
        ? Uint8Array.from(sets, (s) => (s.nulls.includes(column) ? 1 : 0))
        : undefined,
    );
  }
  rows({ batch, from, to }: Run, out: RunOutput): number {
    const room = Math.min(out.room, rowsMax);
    const base = out.builder.rows;
    const count = this.#ids.length;
    const { kinds } = batch;
    let n = 0;
    let row = from;
    for (; row < to; row++) {
      for (; this.#set < count && n < room; this.#set++, n++) {
        this.#rows[n] = row;
        this.#sets[n] = this.#set;
        this.#kinds[n] = kinds === undefined ? 0 : kinds[row]!;
      }
      if (this.#set < count) break;
      this.#set = 0;
      out.ends[row - from] = base + n;
    }
    out.endKnown = row - from;
    this.#emit(batch.columns, n, out);
    out.builder.endRows(n, kinds === undefined ? undefined : this.#kinds);
    return row;
  }
  #emit(columns: Run['batch']['columns'], n: number, out: RunOutput): void {
    columns.forEach((c, i) => {
      const left = this.#left[i];
      if (left === undefined) out.columns[i]!.shareRows(c, this.#rows, n);
      else {
        for (let r = 0; r < n; r++) this.#picked[r] = left[this.#sets[r]!] === 1 ? -1 : this.#rows[r]!;
        out.columns[i]!.appendRowsOrNulls(c, this.#picked, n);
      }
    });
    const id = out.columns[columns.length]!;
    for (let r = 0; r < n; r++) id.append(this.#ids[this.#sets[r]!]!);
  }
}

registerRunOperator('expand', (spec, setup) => new ExpandOperator(spec, setup), { stateless: true });
