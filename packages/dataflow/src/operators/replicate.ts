/* INTERSECT ALL and EXCEPT ALL: each change as often as its last column says, and without that.
 *
 *   +I (a, 2)  -U (a, 2)  +U (a, 3)   ⇒   +I a  +I a  -U a  -U a  +U a  +U a  +U a
 *
 * Keeps: nothing. Promises: the copies of a change stand together; a count below one gives none. */

import { wideAt, type Column } from '#data';
import type { ReplicateSpec } from '#job';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 4096;

class ReplicateOperator implements RunOperator {
  readonly #count: number;
  readonly #rows = new Int32Array(rowsMax);
  readonly #kinds = new Uint8Array(rowsMax);
  /** How many copies of an unfinished row are out. */
  #copies = 0;

  constructor(_spec: ReplicateSpec, setup: RunSetup) {
    this.#count = setup.inputTypes[0]!.length - 1;
  }
  rows({ batch, from, to }: Run, out: RunOutput): number {
    const room = Math.min(out.room, rowsMax);
    const base = out.builder.rows;
    const { kinds, columns } = batch;
    let n = 0;
    let row = from;
    for (; row < to; row++) {
      const count = countAt(columns[this.#count]!, row);
      for (; this.#copies < count && n < room; this.#copies++, n++) {
        this.#rows[n] = row;
        this.#kinds[n] = kinds === undefined ? 0 : kinds[row]!;
      }
      if (this.#copies < count) break;
      this.#copies = 0;
      out.ends[row - from] = base + n;
    }
    out.endKnown = row - from;
    for (let c = 0; c < this.#count; c++) out.columns[c]!.shareRows(columns[c]!, this.#rows, n);
    out.builder.endRows(n, kinds === undefined ? undefined : this.#kinds);
    return row;
  }
}

/** A BIGINT that counts rows, so no number of it is lost. */
function countAt(column: Column, row: number): number {
  if (column.layout !== 'exact') throw new TypeError(`a count is no ${column.layout}`);
  return column.wide ? Number(wideAt(column, row)) : column.values[row]!;
}

registerRunOperator('replicate', (spec, setup) => new ReplicateOperator(spec, setup), { stateless: true });
