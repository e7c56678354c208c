/* Rows of a batch in another order, as columns of their own: for operators that work group by group. */

import { columnBuilder, type Batch, type Column, type ColumnBuilder, type LogicalType } from '#data';

export class RowGather {
  readonly #builders: readonly ColumnBuilder[];
  #rows = new Int32Array(0);

  constructor(types: readonly LogicalType[]) {
    this.#builders = types.map((type) => columnBuilder(type, true));
  }
  /** The rows `from + order[0]`, `from + order[1]`, … and their kinds. */
  rows(
    batch: Batch,
    from: number,
    order: Int32Array,
    count: number,
  ): { readonly columns: readonly Column[]; readonly kinds: Uint8Array | undefined } {
    if (this.#rows.length < count) this.#rows = new Int32Array(count);
    const rows = this.#rows;
    for (let i = 0; i < count; i++) rows[i] = from + order[i]!;
    const columns = this.#builders.map((builder, c) => {
      builder.shareRows(batch.columns[c]!, rows, count);
      return builder.build();
    });
    const { kinds } = batch;
    return { columns, kinds: kinds && Uint8Array.from({ length: count }, (_, i) => kinds[rows[i]!]!) };
  }
}
