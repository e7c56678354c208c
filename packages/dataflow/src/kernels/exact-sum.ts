/* SUM, $SUM0 and AVG over exact numbers. Cells: the sum, and how many values stand behind it.
 *
 * A sum is a narrow number as long as it can be one, and every step that could leave the narrow numbers goes the wide
 * way. Integers wrap around as Java's do. A sum of DECIMAL that passes 38 digits is NULL, and begins anew with the next
 * value; an average whose sum passes them stays NULL, and so is one that does not fit its type. */

import {
  wideAt,
  type ColumnBuilder,
  type DecimalType,
  type ExactColumn,
  type I32Column,
  type LogicalType,
} from '#data';
import { types } from '#data';
import type { ExactStateColumn, F64Cells } from '#state';
import { ExactImages, NumberImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';
import { addCounts, appendCounts, type PartialKernel, type PartialRows } from './partials.ts';

export type SumForm = 'sum' | 'sum0' | 'average';

/** Bits of an integer type, at which Java's arithmetic wraps; undefined for DECIMAL. */
function wrapBits(type: LogicalType): number | undefined {
  switch (type.kind) {
    case 'TINYINT':
      return 8;
    case 'SMALLINT':
      return 16;
    case 'INT':
      return 32;
    case 'BIGINT':
      return 64;
    default:
      return undefined;
  }
}
const decimalMax = 10n ** 38n;
const narrowMax = Number.MAX_SAFE_INTEGER;
/** Twice of it and a count more is still exact. */
const halfMax = 2 ** 51;

export class ExactSumKernel implements PartialKernel {
  readonly images: ExactImages | NumberImages;
  readonly #form: SumForm;
  readonly #sums: ExactStateColumn;
  readonly #counts: F64Cells;
  /** How the sum wraps: at the bits of the result for SUM, of BIGINT for AVG; DECIMAL does not. */
  readonly #wrap: number | undefined;
  /** Whatever is narrow has not wrapped. */
  readonly #wrapsFar: boolean;
  /** Bits of the result. */
  readonly #bits: number | undefined;
  /** For an average of DECIMAL: by what the sum is multiplied to have the result's scale. */
  readonly #shift: number;

  constructor({ call, table, name }: KernelSetup, form: SumForm) {
    const { type, argTypes } = call;
    this.#form = form;
    this.#bits = wrapBits(type);
    this.#wrap = form === 'average' && this.#bits !== undefined ? 64 : this.#bits;
    this.#wrapsFar = this.#wrap === undefined || this.#wrap === 64;
    this.#shift = type.kind === 'DECIMAL' ? type.scale - (argTypes[0] as DecimalType).scale : 0;
    const cell = type.kind === 'DECIMAL' ? types.decimal(38, type.scale) : types.BIGINT;
    table.addCells({ [name]: cell, [`${name}.count`]: 'f64' }, [name]);
    this.#sums = table.values(name) as ExactStateColumn;
    this.#counts = table.f64(`${name}.count`);
    this.images = this.#bits === undefined || this.#bits === 64 ? new ExactImages() : new NumberImages(true);
  }

  add(rows: KernelRows, withImages: boolean): void {
    const column = rows.args[0] as I32Column | ExactColumn;
    if (withImages) this.images.begin(rows.count * 2);
    if (column.layout === 'exact' && column.wide) this.#addOneByOne(rows, withImages);
    else if (!withImages) this.#addNarrow(rows, column);
    else if (this.images instanceof ExactImages && (this.#form !== 'average' || this.#bits !== undefined))
      this.#addNarrowWithImages(rows, column, this.images);
    else this.#addOneByOne(rows, withImages);
  }
  #addNarrow(
    { slots, ops, from, count }: KernelRows,
    column: Exclude<I32Column | ExactColumn, { wide: true }>,
  ): void {
    const sums = this.#sums.values;
    const counts = this.#counts.values;
    const { valid, values } = column;
    const wraps = this.#wrap !== undefined && this.#wrap < 64;
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.#clear(slot);
      if ((what & op.skip) !== 0 || (valid !== undefined && valid[from + i] === 0)) continue;
      const back = (what & op.retract) !== 0;
      const value = back ? -values[from + i]! : values[from + i]!;
      counts[slot]! += back ? -1 : 1;
      const sum = sums[slot]! + value;
      // NaN fails both comparisons, so a slot that is wide already goes the wide way.
      if (!wraps && sum <= narrowMax && sum >= -narrowMax) sums[slot] = sum + 0;
      else this.#plusWide(slot, BigInt(value));
    }
  }
  #addNarrowWithImages(
    { slots, ops, from, count }: KernelRows,
    column: Exclude<I32Column | ExactColumn, { wide: true }>,
    images: ExactImages,
  ): void {
    const sums = this.#sums.values;
    const counts = this.#counts.values;
    const out = images.values;
    const { valid, values } = column;
    const nulls = this.#form !== 'sum0';
    const isAverage = this.#form === 'average';
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.#clear(slot);
      const skips = (what & op.skip) !== 0 || (valid !== undefined && valid[from + i] === 0);
      const back = (what & op.retract) !== 0;
      const value = skips ? 0 : back ? -values[from + i]! : values[from + i]!;
      const countBefore = counts[slot]!;
      const countAfter = skips ? countBefore : countBefore + (back ? -1 : 1);
      const before = sums[slot]!;
      const after = before + value;
      if (!(after <= narrowMax && after >= -narrowMax) || (nulls && (countBefore <= 0 || countAfter <= 0))) {
        this.#image(images, i * 2, slot);
        if (!skips) this.#apply(slot, BigInt(value), back ? -1 : 1);
        this.#image(images, i * 2 + 1, slot);
        continue;
      }
      counts[slot] = countAfter;
      sums[slot] = after + 0;
      out[i * 2] = isAverage ? quotient(before, countBefore) : before;
      out[i * 2 + 1] = isAverage ? quotient(after, countAfter) : after + 0;
    }
  }
  #addOneByOne({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    const column = args[0] as I32Column | ExactColumn;
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.#clear(slot);
      if (withImages) this.#image(this.images, i * 2, slot);
      if ((what & op.skip) === 0 && (column.valid === undefined || column.valid[from + i] === 1)) {
        const by = (what & op.retract) !== 0 ? -1 : 1;
        this.#counts.values[slot]! += by;
        this.#plus(slot, column, from + i, by);
      }
      if (withImages) this.#image(this.images, i * 2 + 1, slot);
    }
  }
  /** A number of a column, or what is taken back of one. */
  #plus(slot: number, column: I32Column | ExactColumn, row: number, by: 1 | -1): void {
    if (column.layout === 'exact' && column.wide) {
      const value = wideAt(column, row);
      return this.#plusWide(slot, by < 0 ? -value : value);
    }
    const value = by < 0 ? -column.values[row]! : column.values[row]!;
    const sums = this.#sums.values;
    // NaN, of what is wide, fails the comparisons; what is NULL stays it.
    const sum = sums[slot]! + value;
    if (this.#wrapsFar && sum <= narrowMax && sum >= -narrowMax && !this.#sums.isNull(slot))
      sums[slot] = sum + 0;
    else this.#plusWide(slot, BigInt(value));
  }
  #clear(slot: number): void {
    this.#sums.setValue(slot, 0n);
    this.#counts.values[slot] = 0;
  }
  #apply(slot: number, value: bigint, by: number): void {
    this.#counts.values[slot]! += by;
    this.#plusWide(slot, value);
  }
  #plusWide(slot: number, value: bigint): void {
    if (this.#sums.isNull(slot)) return;
    const sum = this.#sums.big(slot) + value;
    if (this.#wrap !== undefined) this.#sums.setValue(slot, BigInt.asIntN(this.#wrap, sum));
    else if (sum < decimalMax && sum > -decimalMax) this.#sums.setValue(slot, sum);
    // A sum begins anew with the next value; an average stays NULL.
    else if (this.#form === 'average') this.#sums.setValue(slot, null);
    else this.#clear(slot);
  }
  /** The result of a slot, at a place of the images. */
  #image(images: ExactImages | NumberImages, at: number, slot: number): void {
    const count = this.#counts.values[slot]!;
    if ((count === 0 && this.#form !== 'sum0') || this.#sums.isNull(slot)) return images.setNull(at);
    const sum = this.#sums.values[slot]!;
    const narrow = this.#form === 'average' ? this.#narrowAverage(sum, count) : sum;
    // NaN where the sum is wide.
    if (!Number.isNaN(narrow)) {
      if (images instanceof ExactImages) images.values[at] = narrow;
      else images.f64[at] = narrow;
      return;
    }
    const value = this.#form === 'average' ? this.#average(slot, count) : this.#sums.big(slot);
    if (this.#bits === undefined && (value >= decimalMax || value <= -decimalMax)) return images.setNull(at);
    const result = this.#bits === undefined ? value : BigInt.asIntN(this.#bits, value);
    if (images instanceof ExactImages) images.setBig(at, result);
    else images.f64[at] = Number(result);
  }
  /** The average where numbers hold it exactly; else NaN. */
  #narrowAverage(sum: number, count: number): number {
    if (count < 0) return NaN;
    if (this.#bits !== undefined) return quotient(sum, count);
    const scaled = sum * 10 ** this.#shift;
    if (!(Math.abs(scaled) <= halfMax)) return NaN;
    // Half away from zero.
    const magnitude = quotient(Math.abs(scaled) * 2 + count, count * 2);
    return scaled < 0 && magnitude !== 0 ? -magnitude : magnitude;
  }
  #average(slot: number, count: number): bigint {
    const sum = this.#sums.big(slot);
    return this.#bits === undefined
      ? divideHalfUp(sum * 10n ** BigInt(this.#shift), BigInt(count))
      : sum / BigInt(count);
  }

  appendPartials(builders: readonly ColumnBuilder[], first: number, slots: Int32Array, count: number): void {
    this.#sums.appendSlots(builders[first]!, slots, count);
    appendCounts(builders[first + 1]!, this.#counts.values, slots, count);
  }
  addPartials(rows: PartialRows): void {
    const { slots, from, count } = rows;
    const [sums, counts] = rows.columns;
    for (let i = 0; i < count; i++) this.#plus(slots[i]!, sums as ExactColumn, from + i, 1);
    addCounts(this.#counts.values, counts!, rows);
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = source as ExactSumKernel;
    const sums = this.#sums.values;
    const counts = this.#counts.values;
    for (let i = 0; i < count; i++) {
      const slot = into[i]!;
      const theirs = from[i]!;
      counts[slot]! += other.#counts.values[theirs]!;
      const sum = sums[slot]! + other.#sums.values[theirs]!;
      if (other.#sums.isNull(theirs)) this.#sums.setValue(slot, null);
      else if (this.#wrapsFar && sum <= narrowMax && sum >= -narrowMax) sums[slot] = sum + 0;
      else this.#plusWide(slot, other.#sums.big(theirs));
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#clear(slots[i]!);
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin(count);
    const { images } = this;
    if (this.#form === 'average' || !(images instanceof ExactImages)) {
      for (let i = 0; i < count; i++) this.#image(images, i, slots[i]!);
      return;
    }
    const sums = this.#sums.values;
    const counts = this.#counts.values;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const sum = sums[slot]!;
      if (Number.isNaN(sum) || counts[slot] === 0) this.#image(images, i, slot);
      else images.values[i] = sum;
    }
  }
}

/** a / b for exact integers, b > 0, without its fraction. */
function quotient(a: number, b: number): number {
  const q = Math.trunc(a / b);
  // The quotient may have been rounded up to the next integer; what is left over is exact.
  const rest = a - q * b;
  if (a >= 0 ? rest < 0 : rest > 0) return q + (a >= 0 ? -1 : 1) + 0;
  return q + 0;
}
/** a / b for b > 0, rounded half away from zero: Java's HALF_UP. */
export function divideHalfUp(a: bigint, b: bigint): bigint {
  const negative = a < 0n;
  const n = negative ? -a : a;
  const q = (n * 2n + b) / (b * 2n);
  return negative ? -q : q;
}
