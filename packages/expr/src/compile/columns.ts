/* Whole columns: a field of a row as a column of its own, a stretch of rows, a choice of rows. Nothing is copied
 * that can be shared; of strings, lists and maps only starts and lengths are. */

import { unreachable } from '#base';
import type { Batch, Column, Marks } from '#data';
import { becomesIdle, noMarks } from '#data';
import { freshArrays, type ArrayPool } from './pool.ts';

/** The column at a path, null where any row on the way is. */
export function columnAt(batch: Batch, path: readonly number[]): Column {
  let column = batch.columns[path[0]!]!;
  let valid = column.valid;
  for (let i = 1; i < path.length; i++) {
    if (column.layout !== 'row') throw new TypeError('a path through a column that is no row');
    const field: Column = column.fields[path[i]!]!;
    valid = column.nullsReachFields === true ? field.valid : bothValid(valid, field.valid, batch.rows);
    column = field;
  }
  return valid === column.valid ? column : { ...column, valid };
}

function bothValid(
  a: Uint8Array | undefined,
  b: Uint8Array | undefined,
  rows: number,
): Uint8Array | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const both = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) both[i] = a[i]! & b[i]!;
  return both;
}

/** Rows [from, to) of a column, as views. */
export function sliceColumn(column: Column, from: number, to: number): Column {
  if (from === 0) return column;
  const valid = column.valid?.subarray(from, to);
  switch (column.layout) {
    case 'i32':
      return { ...column, valid, values: column.values.subarray(from, to) };
    case 'f64':
      return { ...column, valid, values: column.values.subarray(from, to) };
    case 'exact':
      return column.wide
        ? { ...column, valid, values: column.values.subarray(from * column.lanes, to * column.lanes) }
        : { ...column, valid, values: column.values.subarray(from, to) };
    case 'time':
      return {
        ...column,
        valid,
        millis: column.millis.subarray(from, to),
        nanos: column.nanos?.subarray(from, to),
      };
    case 'bytes':
    case 'list':
    case 'map':
      return {
        ...column,
        valid,
        starts: column.starts.subarray(from, to),
        lengths: column.lengths.subarray(from, to),
      };
    case 'row':
      return { ...column, valid, fields: column.fields.map((f) => sliceColumn(f, from, to)) };
    default:
      return unreachable(column);
  }
}

// One function a kind of array: a loop that meets several kinds asks at each step which one it is.
function pickF64(to: Float64Array, from: Float64Array, rows: Int32Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) to[i] = from[rows[i]!]!;
  return to;
}
function pickI32(to: Int32Array, from: Int32Array, rows: Int32Array, n: number): Int32Array {
  for (let i = 0; i < n; i++) to[i] = from[rows[i]!]!;
  return to;
}
function pickU8(to: Uint8Array, from: Uint8Array, rows: Int32Array, n: number): Uint8Array {
  for (let i = 0; i < n; i++) to[i] = from[rows[i]!]!;
  return to;
}

/** Undefined where none of the rows is NULL. */
function pickValid(
  valid: Uint8Array | undefined,
  rows: Int32Array,
  n: number,
  pool: ArrayPool,
): Uint8Array | undefined {
  if (valid === undefined) return undefined;
  let i = 0;
  while (i < n && valid[rows[i]!] === 1) i++;
  return i === n ? undefined : pickU8(pool.u8(n), valid, rows, n);
}

function pickWide(from: BigInt64Array, lanes: number, rows: Int32Array, n: number): BigInt64Array {
  const to = new BigInt64Array(n * lanes);
  for (let i = 0; i < n; i++)
    for (let lane = 0; lane < lanes; lane++) to[i * lanes + lane] = from[rows[i]! * lanes + lane]!;
  return to;
}

/** The first `n` rows listed in `rows`, in that order. */
export function gatherColumn(
  column: Column,
  rows: Int32Array,
  n: number,
  pool: ArrayPool = freshArrays,
): Column {
  const valid = pickValid(column.valid, rows, n, pool);
  switch (column.layout) {
    case 'i32':
      return {
        ...column,
        valid,
        values: pickI32(pool.i32(n), column.values, rows, n),
      };
    case 'f64':
      return {
        ...column,
        valid,
        values: pickF64(pool.f64(n), column.values, rows, n),
      };
    case 'exact':
      return column.wide
        ? { ...column, valid, values: pickWide(column.values, column.lanes, rows, n) }
        : {
            ...column,
            valid,
            values: pickF64(pool.f64(n), column.values, rows, n),
          };
    case 'time':
      return {
        ...column,
        valid,
        millis: pickF64(pool.f64(n), column.millis, rows, n),
        nanos: column.nanos && pickI32(pool.i32(n), column.nanos, rows, n),
      };
    case 'bytes':
    case 'list':
    case 'map':
      return {
        ...column,
        valid,
        starts: pickI32(pool.i32(n), column.starts, rows, n),
        lengths: pickI32(pool.i32(n), column.lengths, rows, n),
      };
    case 'row':
      return { ...column, valid, fields: column.fields.map((f) => gatherColumn(f, rows, n, pool)) };
    default:
      return unreachable(column);
  }
}

export function gatherKinds(
  kinds: Uint8Array,
  rows: Int32Array,
  n: number,
  pool: ArrayPool = freshArrays,
): Uint8Array {
  return pickU8(pool.u8(n), kinds, rows, n);
}

/** The marks at input rows [from, next], moved to the number of output rows before them; a mark at `from` belongs to
 *  this stretch only when it is the batch's first, for the stretch before took it otherwise.
 *  `rows` lists the `n` input rows that went out; without it all did. */
export function moveMarks(
  marks: Marks,
  from: number,
  next: number,
  rows: Int32Array | undefined,
  n: number,
  pool: ArrayPool = freshArrays,
): Marks {
  const at = pool.i32(marks.count);
  const watermark = pool.f64(marks.count);
  let count = 0;
  let passed = 0;
  for (let i = 0; i < marks.count; i++) {
    const place = marks.at[i]!;
    if (place > next) break;
    if (place < from || (place === from && from > 0)) continue;
    if (rows === undefined) passed = place - from;
    else while (passed < n && rows[passed]! < place) passed++;
    const apart =
      count === 0 || at[count - 1] !== passed || becomesIdle(watermark[count - 1]!, marks.watermark[i]!);
    if (apart) count++;
    at[count - 1] = passed;
    watermark[count - 1] = marks.watermark[i]!;
  }
  return count === 0 ? noMarks : { count, at, watermark };
}
