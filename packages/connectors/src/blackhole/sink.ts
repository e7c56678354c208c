/* Drops every row, and reads every cell first: the checksum is there so that nothing upstream can be skipped
 * by an engine that makes columns only when asked for them.
 *
 *   batch ──▶ checksum += f(cell)      shown as the counter `checksum`
 *
 * The checksum is a sum over cells modulo 2^32, so it is the same for any order of rows and any batches. It
 * tells two runs apart, not two data sets: of text it reads the length and the outer bytes. */

import type { Batch, Column } from '#data';
import type { Sink, SinkContext } from '#dataflow';

export class BlackholeSink implements Sink {
  readonly #context: SinkContext;
  #sum = 0;

  constructor(context: SinkContext) {
    this.#context = context;
  }
  async open(): Promise<void> {}
  write(batch: Batch, from: number): number {
    const before = this.#sum;
    let sum = before;
    for (const column of batch.columns) sum = (sum + columnSum(column, from, batch.rows)) >>> 0;
    this.#sum = sum;
    this.#context.count('checksum', sum - before);
    return batch.rows;
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {}
}

/** What the cells of rows [from, to) add to the checksum, as a 32-bit integer. */
function columnSum(column: Column, from: number, to: number): number {
  switch (column.layout) {
    case 'i32':
      return integerSum(column.values, column.valid, from, to);
    case 'f64':
      return numberSum(column.values, column.valid, from, to);
    case 'exact':
      return column.wide
        ? wideSum(column.values, column.lanes, column.valid, from, to)
        : numberSum(column.values, column.valid, from, to);
    case 'time':
      return column.nanos === undefined
        ? numberSum(column.millis, column.valid, from, to)
        : (numberSum(column.millis, column.valid, from, to) +
            integerSum(column.nanos, column.valid, from, to)) |
            0;
    case 'bytes':
      return bytesSum(column, from, to);
    case 'row':
      return nestedSum(column.valid, from, to, (row) => {
        let sum = 0;
        for (const field of column.fields) sum = (sum + columnSum(field, row, row + 1)) | 0;
        return sum;
      });
    case 'list':
      return nestedSum(column.valid, from, to, (row) =>
        columnSum(column.element, column.starts[row]!, column.starts[row]! + column.lengths[row]!),
      );
    case 'map':
      return nestedSum(column.valid, from, to, (row) => {
        const [start, end] = [column.starts[row]!, column.starts[row]! + column.lengths[row]!];
        return (columnSum(column.keys, start, end) + columnSum(column.values, start, end)) | 0;
      });
  }
}

type Validity = Uint8Array | undefined;

// One function a kind of array: a loop that meets both asks at each step which one it is.
function integerSum(values: Int32Array, valid: Validity, from: number, to: number): number {
  let sum = 0;
  if (valid === undefined) for (let row = from; row < to; row++) sum = (sum + values[row]!) | 0;
  else for (let row = from; row < to; row++) sum = (sum + (valid[row] !== 0 ? values[row]! : 0)) | 0;
  return sum;
}
function numberSum(values: Float64Array, valid: Validity, from: number, to: number): number {
  let sum = 0;
  if (valid === undefined) for (let row = from; row < to; row++) sum = (sum + (values[row]! | 0)) | 0;
  else for (let row = from; row < to; row++) sum = (sum + (valid[row] !== 0 ? values[row]! | 0 : 0)) | 0;
  return sum;
}

function wideSum(values: BigInt64Array, lanes: number, valid: Validity, from: number, to: number): number {
  let sum = 0;
  for (let row = from; row < to; row++) {
    if (valid === undefined || valid[row] !== 0)
      sum = (sum + Number(BigInt.asIntN(32, values[row * lanes]!))) | 0;
  }
  return sum;
}

function bytesSum(column: Extract<Column, { layout: 'bytes' }>, from: number, to: number): number {
  const { valid, starts, lengths, data } = column;
  let sum = 0;
  for (let row = from; row < to; row++) {
    if (valid !== undefined && valid[row] === 0) continue;
    const length = lengths[row]!;
    sum = (sum + length + 1) | 0;
    if (length > 0) sum = (sum + data[starts[row]!]! + data[starts[row]! + length - 1]!) | 0;
  }
  return sum;
}

function nestedSum(valid: Validity, from: number, to: number, sumOf: (row: number) => number): number {
  let sum = 0;
  for (let row = from; row < to; row++)
    if (valid === undefined || valid[row] !== 0) sum = (sum + sumOf(row)) | 0;
  return sum;
}
