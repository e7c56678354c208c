/* Aggregates that keep their values in order of arrival, so that rows can be taken back, the oldest equal one first:
 * FIRST_VALUE, LAST_VALUE, LISTAGG, and those of array-agg.ts. */

import { types, columnBuilder, type Column, type LogicalType } from '#data';
import type { OwnedTable } from '#state';
import { ValueImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';
import { readableRows } from './readable.ts';

export abstract class ArrivalsKernel implements Kernel {
  readonly images: ValueImages;
  protected readonly values: OwnedTable;

  readonly #skipped: number;

  /** `skipped`: the argument whose NULLs are passed over; -1: none. */
  constructor({ call, scope, table, name }: KernelSetup, row: readonly LogicalType[], skipped = 0) {
    this.images = new ValueImages(call.type);
    this.#skipped = skipped;
    this.values = scope.owned(table, { name, row, find: 'row' });
  }
  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    const columns = this.item(args, from + count);
    const valid = args[this.#skipped]?.valid;
    if (withImages) this.images.begin();
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) this.values.removeAll(slot);
      if (withImages) this.image(slot);
      if ((what & op.skip) === 0 && (valid === undefined || valid[from + i] === 1)) {
        if ((what & op.retract) === 0) this.values.append(slot, columns, from + i);
        else {
          const at = this.values.findRow(slot, columns, from + i);
          if (at >= 0) this.values.remove(at);
        }
      }
      if (withImages) this.image(slot);
    }
  }
  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = (source as ArrivalsKernel).values;
    for (let i = 0; i < count; i++) {
      for (const { columns, row } of readableRows(this.values, other, from[i]!)) {
        this.values.append(into[i]!, columns, row);
      }
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.values.removeAll(slots[i]!);
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin();
    for (let i = 0; i < count; i++) this.image(slots[i]!);
  }
  /** The columns of what is kept of a row; all of them have `rows` rows. */
  protected abstract item(args: readonly Column[], rows: number): readonly Column[];
  protected abstract image(slot: number): void;
}

export class RetractableFirstLastKernel extends ArrivalsKernel {
  readonly #last: boolean;

  constructor(setup: KernelSetup, last: boolean) {
    super(setup, [setup.call.argTypes[0]!]);
    this.#last = last;
  }
  protected item(args: readonly Column[]): readonly Column[] {
    return args.slice(0, 1);
  }
  protected image(slot: number): void {
    const at = this.#last ? this.values.last(slot) : this.values.first(slot);
    if (at < 0) this.images.appendNull();
    else this.images.appendSlot(this.values.row[0]!, at);
  }
}

/** LISTAGG(text [, separator]): the separator of a value stands in front of it; a comma by default. */
export class ListAggKernel extends ArrivalsKernel {
  #commas: Column | undefined;
  #commaRows = 0;

  constructor(setup: KernelSetup) {
    super(setup, [types.STRING, types.STRING]);
  }
  protected item(args: readonly Column[], rows: number): readonly Column[] {
    if (args.length > 1) return args;
    if (this.#commas === undefined || this.#commaRows < rows) {
      const builder = columnBuilder(types.STRING);
      for (let i = 0; i < rows; i++) builder.append(',');
      this.#commas = builder.build();
      this.#commaRows = rows;
    }
    return [args[0]!, this.#commas];
  }
  protected image(slot: number): void {
    const [texts, separators] = this.values.row;
    let text: string | undefined;
    for (let at = this.values.first(slot); at >= 0; at = this.values.next(at)) {
      const item = texts!.get(at) as string;
      text = text === undefined ? item : `${text}${(separators!.get(at) as string | null) ?? ''}${item}`;
    }
    if (text === undefined) this.images.appendNull();
    else this.images.append(text);
  }
}
