/* SUM, $SUM0 and AVG over exact and approximate numbers.
 * Exact sums are narrow doubles until they pass 2^53; such a slot then holds NaN and its value lives in a side table. */

import { assert } from '#base';
import { wideAt, type Column, type LogicalType, type Value } from '#data';
import type { StateReader, StateWriter } from '#state';
import { isNullAt, roomy, type Accumulator, type AccumulatorSpec } from './accumulator.ts';

/** Sum and number of the values that are not NULL. */
abstract class SumBase implements Accumulator {
  protected readonly column: number;
  protected counts = new Float64Array(16);
  protected sums = new Float64Array(16);

  constructor({ call }: AccumulatorSpec) {
    this.column = call.args[0]!;
  }
  ensure(size: number): void {
    this.counts = roomy(this.counts, size);
    this.sums = roomy(this.sums, size);
  }
  reset(slot: number): void {
    this.counts[slot] = 0;
    this.sums[slot] = 0;
  }
  abstract add(slot: number, columns: readonly Column[], row: number): void;
  abstract retract(slot: number, columns: readonly Column[], row: number): void;
  abstract merge(slot: number, from: Accumulator, fromSlot: number): void;
  abstract value(slot: number): Value;
  get bytes(): number {
    return this.counts.byteLength + this.sums.byteLength;
  }
  snapshot(to: StateWriter, size: number): void {
    to.f64s(this.counts, size);
    to.f64s(this.sums, size);
  }
  restore(from: StateReader): void {
    this.counts = from.f64s();
    this.sums = from.f64s();
  }
}

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

/** An entry of a Map from slot to bigint. */
const wideEntryBytes = 72;

export class ExactSumAccumulator extends SumBase {
  override get bytes(): number {
    return super.bytes + this.#wide.size * wideEntryBytes;
  }
  /** How the sum wraps: at the bits of the result for SUM, of BIGINT for AVG; DECIMAL does not. */
  readonly #wrap: number | undefined;
  readonly #wide = new Map<number, bigint>();
  readonly #result: (sum: bigint, count: number) => Value;

  constructor(spec: AccumulatorSpec, form: 'sum' | 'sum0' | 'average') {
    super(spec);
    const { type, argTypes } = spec.call;
    const bits = wrapBits(type);
    this.#wrap = form === 'average' && bits !== undefined ? 64 : bits;
    if (form === 'average') this.#result = averageResult(argTypes[0]!, type);
    else if (form === 'sum0') this.#result = (sum) => narrowed(sum, bits);
    else this.#result = (sum, count) => (count === 0 ? null : narrowed(sum, bits));
  }
  override reset(slot: number): void {
    if (Number.isNaN(this.sums[slot]!)) this.#wide.delete(slot);
    super.reset(slot);
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    const column = columns[this.column]!;
    if (isNullAt(column, row)) return;
    this.counts[slot]!++;
    this.#plus(slot, column, row, 1);
  }
  retract(slot: number, columns: readonly Column[], row: number): void {
    const column = columns[this.column]!;
    if (isNullAt(column, row)) return;
    this.counts[slot]!--;
    this.#plus(slot, column, row, -1);
  }
  #plus(slot: number, column: Column, row: number, sign: 1 | -1): void {
    if (column.layout === 'exact' && column.wide)
      return this.#plusWide(slot, BigInt(sign) * wideAt(column, row));
    const value = (column as { values: Float64Array }).values[row]! * sign;
    const sum = this.sums[slot]! + value;
    // NaN fails both comparisons, so a slot that is wide already goes the wide way.
    if (sum <= Number.MAX_SAFE_INTEGER && sum >= Number.MIN_SAFE_INTEGER)
      this.sums[slot] = this.#wrap === 32 ? sum | 0 : sum;
    else this.#plusWide(slot, BigInt(value));
  }
  #plusWide(slot: number, value: bigint): void {
    this.#store(slot, this.#sum(slot) + value);
  }
  #sum(slot: number): bigint {
    const sum = this.sums[slot]!;
    return Number.isNaN(sum) ? this.#wide.get(slot)! : BigInt(sum);
  }
  #store(slot: number, sum: bigint): void {
    const wrapped = this.#wrap === undefined ? sum : BigInt.asIntN(this.#wrap, sum);
    if (this.#wrap === undefined && (sum >= decimalMax || sum <= -decimalMax)) {
      // Flink's DECIMAL sum becomes NULL on overflow, and starts anew with the next value.
      this.reset(slot);
      return;
    }
    if (wrapped <= 9007199254740991n && wrapped >= -9007199254740991n) {
      if (Number.isNaN(this.sums[slot]!)) this.#wide.delete(slot);
      this.sums[slot] = Number(wrapped);
    } else {
      this.sums[slot] = Number.NaN;
      this.#wide.set(slot, wrapped);
    }
  }
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    assert(from instanceof ExactSumAccumulator, 'accumulators of one call merge');
    this.counts[slot]! += from.counts[fromSlot]!;
    this.#plusWide(slot, from.#sum(fromSlot));
  }
  value(slot: number): Value {
    return this.#result(this.#sum(slot), this.counts[slot]!);
  }
  override snapshot(to: StateWriter, size: number): void {
    super.snapshot(to, size);
    to.i32(this.#wide.size);
    for (const [slot, sum] of this.#wide) {
      to.i32(slot);
      to.bigint(sum);
    }
  }
  override restore(from: StateReader): void {
    super.restore(from);
    this.#wide.clear();
    for (let n = from.i32(); n > 0; n--) this.#wide.set(from.i32(), from.bigint());
  }
}

/** As the result's value form: a number for INT and smaller, else a bigint. */
function narrowed(sum: bigint, bits: number | undefined): Value {
  return bits === undefined || bits === 64 ? sum : Number(BigInt.asIntN(bits, sum));
}

function averageResult(argument: LogicalType, type: LogicalType): (sum: bigint, count: number) => Value {
  if (type.kind === 'DECIMAL') {
    const shift = 10n ** BigInt(type.scale - (argument as { scale: number }).scale);
    return (sum, count) => (count === 0 ? null : divideHalfUp(sum * shift, BigInt(count)));
  }
  const bits = wrapBits(type);
  return (sum, count) => (count === 0 ? null : narrowed(sum / BigInt(count), bits));
}

/** a / b for b > 0, rounded half away from zero: Java's HALF_UP. */
export function divideHalfUp(a: bigint, b: bigint): bigint {
  const negative = a < 0n;
  const n = negative ? -a : a;
  const q = (n * 2n + b) / (b * 2n);
  return negative ? -q : q;
}

export class FloatSumAccumulator extends SumBase {
  readonly #form: 'sum' | 'sum0' | 'average';
  readonly #single: boolean;
  readonly #float: boolean;

  constructor(spec: AccumulatorSpec, form: 'sum' | 'sum0' | 'average') {
    super(spec);
    this.#form = form;
    // AVG(FLOAT) adds in DOUBLE, SUM(FLOAT) in FLOAT, as Flink.
    this.#float = spec.call.type.kind === 'FLOAT';
    this.#single = this.#float && form !== 'average';
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    const column = columns[this.column]!;
    if (isNullAt(column, row)) return;
    this.counts[slot]!++;
    this.#plus(slot, (column as { values: Float64Array }).values[row]!);
  }
  retract(slot: number, columns: readonly Column[], row: number): void {
    const column = columns[this.column]!;
    if (isNullAt(column, row)) return;
    this.counts[slot]!--;
    this.#plus(slot, -(column as { values: Float64Array }).values[row]!);
  }
  #plus(slot: number, value: number): void {
    const sum = this.sums[slot]! + value;
    this.sums[slot] = this.#single ? Math.fround(sum) : sum;
  }
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    assert(from instanceof FloatSumAccumulator, 'accumulators of one call merge');
    this.counts[slot]! += from.counts[fromSlot]!;
    this.#plus(slot, from.sums[fromSlot]!);
  }
  value(slot: number): Value {
    const count = this.counts[slot]!;
    if (count === 0) return this.#form === 'sum0' ? 0 : null;
    const sum = this.sums[slot]!;
    if (this.#form !== 'average') return sum;
    const average = sum / count;
    return this.#float ? Math.fround(average) : average;
  }
}

export function sumAccumulator(spec: AccumulatorSpec, form: 'sum' | 'sum0' | 'average'): Accumulator {
  const { kind } = spec.call.argTypes[0]!;
  return kind === 'FLOAT' || kind === 'DOUBLE'
    ? new FloatSumAccumulator(spec, form)
    : new ExactSumAccumulator(spec, form);
}
