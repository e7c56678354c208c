/* TO_CHANGELOG: each change is a row that comes, the code of its change in front of its columns. Columns go on as they are;
 * the codes lie in one text that all rows point into. Changes without a code are left out. Stateless. */

import { gatherBatch, type Batch, type BytesColumn, type LogicalType } from '#data';
import type { ToChangelogSpec } from '#job';
import type { Operator, Output, Progress } from '../contracts/index.ts';
import { registerOperator } from './table.ts';

class ToChangelogOperator implements Operator {
  readonly busy = false;
  readonly nextTimer = Infinity;
  readonly stateBytes = 0;
  readonly pending = 0;
  readonly #types: readonly LogicalType[];
  readonly #onTime: number | undefined;
  readonly #taken: readonly boolean[];
  /** All codes one behind the other, and where each lies. */
  readonly #text: Uint8Array;
  readonly #starts: readonly number[];
  readonly #lengths: readonly number[];

  constructor({ codes, onTime }: ToChangelogSpec, types: readonly LogicalType[]) {
    this.#types = types;
    this.#onTime = onTime;
    this.#taken = codes.map((code) => code !== undefined);
    const texts = codes.map((code) => new TextEncoder().encode(code ?? ''));
    this.#lengths = texts.map((t) => t.length);
    let at = 0;
    this.#starts = texts.map((t) => (at += t.length) - t.length);
    this.#text = Uint8Array.from(texts.flatMap((t) => [...t]));
  }
  push(_input: number, batch: Batch, _from: number, out: Output): number {
    const left = this.#left(batch);
    const { columns } = left;
    const again = this.#onTime === undefined ? [] : [columns[this.#onTime]!];
    out.emit({ ...left, columns: [this.#codes(left), ...columns, ...again], kinds: undefined });
    return batch.rows;
  }
  /** The rows whose changes have a code. */
  #left(batch: Batch): Batch {
    const { kinds, rows } = batch;
    const taken = this.#taken;
    if (taken.every((t) => t) || (kinds === undefined && taken[0]!)) return batch;
    const keep: number[] = [];
    for (let row = 0; row < rows; row++) if (taken[kinds?.[row] ?? 0]!) keep.push(row);
    return keep.length === rows ? batch : gatherBatch(batch, this.#types, keep);
  }
  #codes({ rows, kinds }: Batch): BytesColumn {
    const starts = new Int32Array(rows);
    const lengths = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const kind = kinds === undefined ? 0 : kinds[row]!;
      starts[row] = this.#starts[kind]!;
      lengths[row] = this.#lengths[kind]!;
    }
    return { layout: 'bytes', valid: undefined, starts, lengths, data: this.#text };
  }
  resume(): Progress {
    return 'done';
  }
  end(): void {}
  fire(): Progress {
    return 'done';
  }
  snapshot(): void {}
  restore(): void {}
}

registerOperator<ToChangelogSpec>(
  'to-changelog',
  (spec, setup) => new ToChangelogOperator(spec, setup.inputTypes[0]!),
  { stateless: true },
);
