/* PERCENTILE: of each slot the values in their order, each with how often it counts, and the percentages of the first row.
 *
 *   value, percentage or several, frequency, … ─▶ counts by value ─▶ what stands at 1 + (n − 1) · percentage
 *
 * Between two values it is interpolated. Counts are BIGINTs that wrap as Java's do; a value whose count is 0 goes. Further
 * arguments only tell DISTINCT values apart. */

import { UserError } from '#base';
import { types, wideAt, withNullable, type Column, type Value } from '#data';
import type { ExactStateColumn, F64StateColumn, SortedTable, StateColumn } from '#state';
import { ValueImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';
import { readableRows } from './readable.ts';

/** A BIGINT: a number as long as that is exact. */
type Count = number | bigint;

export class PercentileKernel implements Kernel {
  readonly images: ValueImages;
  readonly #values: SortedTable;
  readonly #percentages: StateColumn;
  /** By position: the value, and how many there are up to it. */
  readonly #sorted: number[] = [];
  readonly #upTo: number[] = [];

  constructor({ call, scope, table, name }: KernelSetup) {
    this.images = new ValueImages(call.type);
    const cell = `${name}:percentages`;
    table.addCells({ [cell]: withNullable(call.argTypes[1]!, true) });
    this.#percentages = table.values(cell);
    this.#values = scope.sorted(table, {
      name,
      row: [types.DOUBLE],
      cells: { count: types.BIGINT },
      order: [{ column: 0 }],
      find: [0],
    });
  }
  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    const value = [args[0]!];
    if (withImages) this.images.begin();
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.#clear(slot);
      if (withImages) this.#image(slot);
      if ((what & op.skip) === 0) {
        if (this.#percentages.isNull(slot)) this.#setPercentages(slot, args[1]!, from + i);
        const times = frequency(args[2]!, from + i);
        if (times > 0 && (value[0]!.valid === undefined || value[0]!.valid[from + i] === 1))
          this.#change(slot, value, from + i, (what & op.retract) === 0 ? times : -times);
      }
      if (withImages) this.#image(slot);
    }
  }
  #setPercentages(slot: number, column: Column, row: number): void {
    this.#percentages.set(slot, column, row);
    for (const p of percentagesOf(this.#percentages.get(slot)))
      if (p < 0 || p > 1)
        throw new UserError('DATA3004', {
          message: `PERCENTILE: a percentage must be from 0 to 1, found ${p}`,
        });
  }
  #change(slot: number, columns: readonly Column[], row: number, by: Count): void {
    const at = this.#values.upsertRow(slot, columns, row);
    const counts = this.#counts;
    const after = this.#values.created ? by : added(countAt(counts, at), by);
    if (after === 0) {
      this.#values.remove(at);
      return;
    }
    if (typeof after === 'number') counts.setNumber(at, after);
    else counts.setValue(at, after);
    this.#values.writeOne(at);
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = source as PercentileKernel;
    for (let i = 0; i < count; i++) {
      const slot = into[i]!;
      const theirs = from[i]!;
      if (this.#percentages.isNull(slot) && !other.#percentages.isNull(theirs))
        this.#percentages.copySlot(slot, other.#percentages, theirs);
      for (const { slot: at, columns, row } of readableRows(this.#values, other.#values, theirs)) {
        this.#change(slot, columns, row, countAt(other.#counts, at));
      }
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#clear(slots[i]!);
  }
  #clear(slot: number): void {
    this.#values.removeAll(slot);
    this.#percentages.setValue(slot, null);
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin();
    for (let i = 0; i < count; i++) this.#image(slots[i]!);
  }
  get #counts(): ExactStateColumn {
    return this.#values.values('count') as ExactStateColumn;
  }
  get #column(): F64StateColumn {
    return this.#values.row[0] as F64StateColumn;
  }

  #image(slot: number): void {
    const percentages = this.#percentages.get(slot);
    const total = this.#sort(slot);
    if (percentages === null || total <= 0) this.images.appendNull();
    else {
      const found = percentagesOf(percentages).map((p) => this.#at(p, Number(added(total, -1))));
      this.images.append(typeof percentages === 'number' ? found[0]! : found);
    }
  }
  /** Lays the values of a slot out in their order; returns how many there are. */
  #sort(slot: number): Count {
    const { values } = this.#column;
    const counts = this.#counts;
    let total: Count = 0;
    this.#sorted.length = this.#upTo.length = 0;
    for (let at = this.#values.first(slot); at >= 0; at = this.#values.next(at)) {
      total = added(total, countAt(counts, at));
      this.#sorted.push(values[at]!);
      this.#upTo.push(Number(total));
    }
    return total;
  }
  /** `last`: positions count from 1 to 1 + `last`. */
  #at(percentage: number, last: number): number {
    const position = percentage * last + 1;
    const below = Math.floor(position);
    const above = Math.ceil(position);
    let i = 0;
    while (this.#upTo[i]! < below && i < this.#upTo.length - 1) i++;
    const value = this.#sorted[i]!;
    if (!(this.#upTo[i]! < above)) return value;
    return (above - position) * value + (position - below) * this.#sorted[i + 1]!;
  }
}

/** How often a row counts; 0 for NULL. */
function frequency(column: Column, row: number): Count {
  if (column.layout !== 'exact' || (column.valid !== undefined && column.valid[row] === 0)) return 0;
  return column.wide ? narrow(wideAt(column, row)) : column.values[row]!;
}
function countAt(counts: ExactStateColumn, at: number): Count {
  const count = counts.values[at]!;
  return Number.isNaN(count) ? counts.big(at) : count;
}
/** The sum, as Java adds longs. */
function added(a: Count, b: Count): Count {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt.asIntN(64, BigInt(a) + BigInt(b)));
}
const narrow = (value: bigint): Count => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

const percentagesOf = (value: Value): readonly number[] =>
  typeof value === 'number' ? [value] : (value as readonly number[]);
